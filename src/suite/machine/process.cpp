#include "suite/machine/process.hpp"

#include <omp.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace trilbench {
namespace {

using std::filesystem::path;

constexpr double unlimited = std::numeric_limits<double>::infinity();

constexpr std::size_t most_cpus = 1 << 16;  // the kernel refuses a set that has no room for all of its CPUs

struct CpuSet {
  std::vector<cpu_set_t> sets = std::vector<cpu_set_t>(most_cpus / CPU_SETSIZE);  // one behind the other
  std::size_t size() const { return sets.size() * sizeof(cpu_set_t); }
  cpu_set_t* get() { return sets.data(); }
};

std::vector<int> cpus_of_this_thread() {
  CpuSet set;
  std::vector<int> cpus;
  if (sched_getaffinity(0, set.size(), set.get()) != 0) return cpus;
  for (std::size_t cpu = 0; cpu < most_cpus; ++cpu)
    if (CPU_ISSET_S(cpu, set.size(), set.get())) cpus.push_back(static_cast<int>(cpu));
  return cpus;
}

/// Nothing there, or the word "max": unlimited.
double number_in(const path& file) {
  std::ifstream words(file);
  double number = 0;
  return words >> number ? number : unlimited;
}

/// Of a file with lines such as "MemAvailable:   3456 kB".
double number_after(const path& file, std::string_view key, double otherwise = 0) {
  std::ifstream words(file);
  double number = 0;
  for (std::string word; words >> word;)
    if (word == key && words >> number) return number;
  return otherwise;
}

/// What `ulimit` leaves of one kind of memory, of which the kernel counts what is used under `key`.
double left_of_limit(decltype(RLIMIT_AS) kind, std::string_view key) {
  rlimit limit{};
  if (getrlimit(kind, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  return std::max(static_cast<double>(limit.rlim_cur) - 1024 * number_after("/proc/self/status", key), 0.0);
}

// Control groups

/// A hierarchy of groups as it is mounted here.
struct Mount {
  path root;   // the group that is seen at `point`
  path point;  // where
  bool version2;
  std::string controllers;  // of version 1: "cpu,cpuacct" and others
};

bool lists(const std::string& names, const std::string& name) {
  return ("," + names + ",").find("," + name + ",") != std::string::npos;
}

/// In /proc a blank in a path is written as \040.
std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(digits, digits + 3, code, 8).ptr == digits + 3) {
      plain += static_cast<char>(code);
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

/// Of lines such as "42 32 0:38 /group /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory".
std::vector<Mount> mounts(const path& root) {
  std::vector<Mount> found;
  std::ifstream lines(root / "proc/self/mountinfo");
  for (std::string line; std::getline(lines, line);) {
    std::istringstream text(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(text), {}};
    const auto dash = std::ranges::find(words, "-");
    if (dash - words.begin() < 6 || words.end() - dash < 4) continue;
    if (dash[1] != "cgroup" && dash[1] != "cgroup2") continue;
    found.push_back({.root = unescaped(words[3]),
                     .point = root / path(unescaped(words[4])).relative_path(),
                     .version2 = dash[1] == "cgroup2",
                     .controllers = dash[3]});
  }
  return found;
}

/// This process's group in the hierarchy and those around it, as folders: as many as can be seen. A container
/// may be told a path of the host's, or of another namespace, that means nothing in it; what it sees at the
/// mount is then its own group.
std::vector<path> folders(const Mount& mount, const path& group) {
  std::vector<path> found{mount.point};
  const path inside = group.lexically_relative(mount.root);
  if (inside.empty() || *inside.begin() == "..") return found;
  for (const path& part : inside)
    if (part != ".") found.push_back(found.back() / part);
  return found;
}

double cores_of(double quota, double period) {  // microseconds; a quota of -1 is none
  return quota > 0 && quota < unlimited && period > 0 ? quota / period : unlimited;
}

double cores_of_version1(const path& group) {
  return cores_of(number_in(group / "cpu.cfs_quota_us"), number_in(group / "cpu.cfs_period_us"));
}

double cores_of_version2(const path& group) {
  std::ifstream words(group / "cpu.max");
  double quota = 0, period = 0;
  return words >> quota >> period ? cores_of(quota, period) : unlimited;
}

/// What is left of a limit. Pages of files count as used, but the kernel gives them back before it kills.
double left(double limit, double used, double of_files) {
  return limit < unlimited && used < unlimited ? std::max(limit - std::max(used - of_files, 0.0), 0.0)
                                               : limit;
}

double memory_of_version1(const path& group) {
  const path stat = group / "memory.stat";
  // The second holds for the groups around it too, which a container may not see.
  return left(std::min(number_in(group / "memory.limit_in_bytes"),
                       number_after(stat, "hierarchical_memory_limit", unlimited)),
              number_in(group / "memory.usage_in_bytes"),
              number_after(stat, "total_inactive_file") + number_after(stat, "total_active_file"));
}

double memory_of_version2(const path& group) {
  const path stat = group / "memory.stat";
  return left(std::min(number_in(group / "memory.max"), number_in(group / "memory.high")),
              number_in(group / "memory.current"),
              number_after(stat, "inactive_file") + number_after(stat, "active_file"));
}

// Caches

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
#ifdef _SC_LEVEL1_DCACHE_SIZE  // glibc's
  constexpr int sizes[] = {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE,
                           _SC_LEVEL4_CACHE_SIZE};
  std::vector<Cache> caches;
  for (int level = 1; level <= static_cast<int>(std::size(sizes)); ++level)
    if (const long bytes = sysconf(sizes[level - 1]); bytes > 0) caches.push_back({level, bytes, 0});
  return caches;
#else
  return {};
#endif
}

}  // namespace

std::vector<int> allowed_cpus() {
  std::vector<int> cpus;
  for (int place = 0; omp_get_proc_bind() != omp_proc_bind_false && place < omp_get_num_places(); ++place) {
    std::vector<int> of_place(static_cast<std::size_t>(std::max(omp_get_place_num_procs(place), 0)));
    omp_get_place_proc_ids(place, of_place.data());
    cpus.insert(cpus.end(), of_place.begin(), of_place.end());
  }
  std::ranges::sort(cpus);
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  return cpus.empty() ? cpus_of_this_thread() : cpus;
}

void allow_cpus(const std::vector<int>& cpus) {
  CpuSet set;
  for (const int cpu : cpus) CPU_SET_S(static_cast<std::size_t>(cpu), set.size(), set.get());
  if (!cpus.empty()) sched_setaffinity(0, set.size(), set.get());
}

int allowed_threads() {
  const std::vector<int> cpus = allowed_cpus();
  return cpus.empty() ? omp_get_num_procs() : static_cast<int>(cpus.size());
}

GroupLimits group_limits(const path& root) {
  GroupLimits limits;
  const auto tighten = [](double& limit, double other) { limit = std::min(limit, other); };
  const std::vector<Mount> mounted = mounts(root);
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {  // "4:cpu,cpuacct:/group"; of version 2 "0::/group"
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    for (const Mount& mount : mounted) {
      if (mount.version2 != controllers.empty()) continue;
      const auto governs = [&](const char* name) {
        return lists(controllers, name) && lists(mount.controllers, name);
      };
      for (const path& group : folders(mount, line.substr(second + 1))) {
        if (mount.version2) {
          tighten(limits.cores, cores_of_version2(group));
          tighten(limits.memory, memory_of_version2(group));
        }
        if (governs("cpu")) tighten(limits.cores, cores_of_version1(group));
        if (governs("memory")) tighten(limits.memory, memory_of_version1(group));
      }
    }
  }
  return limits;
}

double available_memory(const path& root) {
  return std::min({1024 * number_after(root / "proc/meminfo", "MemAvailable:", unlimited),
                   group_limits(root).memory, left_of_limit(RLIMIT_AS, "VmSize:"),
                   left_of_limit(RLIMIT_DATA, "VmData:")});
}

std::vector<Cache> data_caches(const path& root, int cpu) {
  std::vector<Cache> caches;
  for (int index = 0;; ++index) {
    const path folder =
        root / ("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cache/index" + std::to_string(index));
    const std::string level = word_in(folder / "level");
    if (level.empty()) break;
    if (const std::int64_t bytes = bytes_in(folder / "size");
        bytes > 0 && word_in(folder / "type") != "Instruction")
      caches.push_back({level[0] - '0', bytes, count_in(folder / "shared_cpu_list")});
  }
  std::ranges::stable_sort(caches, {}, &Cache::level);
  return caches.empty() ? caches_of_the_c_library() : caches;
}

std::vector<Cache> own_caches() {
  const std::vector<int> cpus = allowed_cpus();
  return data_caches("/", cpus.empty() ? 0 : cpus.front());
}

Machine machine_of(const std::vector<Cache>& caches, double cpus) {
  Machine machine;
  for (const Cache& cache : caches) {
    if (cache.level == 1) machine.L1 = cache.bytes;
    if (cache.level == 2) machine.L2 = cache.bytes;
    const double part = cache.shared_by > 0 ? std::min(1.0, cpus / cache.shared_by) : 1;
    machine.whole_last_level = cache.bytes;
    machine.last_level = std::llround(static_cast<double>(cache.bytes) * part);
  }
  return machine;
}

const Machine& this_machine() {
  static const Machine machine =
      machine_of(own_caches(), std::min<double>(allowed_threads(), group_limits().cores));
  return machine;
}

// An emulator answers for /proc/self, though not for /proc/thread-self.
bool emulated() {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  const auto real = std::filesystem::read_symlink("/proc/thread-self/exe", unknown);
  return !unknown && self != real;
}

}  // namespace trilbench
