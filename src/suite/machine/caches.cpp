#include "suite/machine/caches.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include "suite/machine/process.hpp"

namespace trilbench {
namespace {

using std::filesystem::path;

std::string word_in(const path& file) {
  std::ifstream words(file);
  std::string word;
  words >> word;
  return word;
}

/// "32K", "1024K", "32M"; 0 for what is no size.
std::int64_t bytes_in(const path& file) {
  std::ifstream words(file);
  std::int64_t number = 0;
  char unit = ' ';
  words >> number >> unit;
  return unit == 'K' ? number << 10 : unit == 'M' ? number << 20 : unit == 'G' ? number << 30 : 0;
}

/// How many CPUs are in a list such as "0-1,4,8-11".
int count_in(const path& file) {
  std::ifstream list(file);
  int count = 0, first = 0, last = 0;
  while (list >> first) {
    last = first;
    if (list.peek() == '-') list.ignore() >> last;
    count += std::max(last - first + 1, 0);
    list.ignore();  // the comma
  }
  return count;
}

/// Where Linux does not describe them, as in some containers and under emulators.
std::vector<Cache> caches_of_the_c_library() {
  constexpr int sizes[] = {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE,
                           _SC_LEVEL4_CACHE_SIZE};
  std::vector<Cache> caches;
  for (int level = 1; level <= static_cast<int>(std::size(sizes)); ++level)
    if (const long bytes = sysconf(sizes[level - 1]); bytes > 0) caches.push_back({level, bytes, 0});
  return caches;
}

}  // namespace

std::vector<Cache> data_caches(const path& root) {
  std::vector<Cache> caches;
  for (int index = 0;; ++index) {
    const path folder = root / ("sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index));
    const std::string level = word_in(folder / "level");
    if (level.empty()) break;
    if (const std::int64_t bytes = bytes_in(folder / "size");
        bytes > 0 && word_in(folder / "type") != "Instruction")
      caches.push_back({level[0] - '0', bytes, count_in(folder / "shared_cpu_list")});
  }
  std::ranges::stable_sort(caches, {}, &Cache::level);
  return caches.empty() ? caches_of_the_c_library() : caches;
}

Machine machine_of(const std::vector<Cache>& caches, double cpus) {
  Machine machine;
  for (const Cache& cache : caches) {
    if (cache.level == 1) machine.L1 = cache.bytes;
    if (cache.level == 2) machine.L2 = cache.bytes;
    const double part = cache.shared_by > 0 ? std::min(1.0, cpus / cache.shared_by) : 1;
    machine.last_level = std::llround(static_cast<double>(cache.bytes) * part);
  }
  return machine;
}

const Machine& this_machine() {
  static const Machine machine =
      machine_of(data_caches(), std::min<double>(allowed_threads(), quota_of_cores()));
  return machine;
}

}  // namespace trilbench
