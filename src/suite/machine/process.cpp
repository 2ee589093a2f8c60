#include "suite/machine/process.hpp"

#include <omp.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>

#include "suite/machine/control_groups.hpp"

#ifdef __linux__
#  include <sched.h>
#endif

namespace trilbench {
namespace {

#ifdef __linux__
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
#else
std::vector<int> cpus_of_this_thread() { return {}; }
#endif

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Of a line such as "MemAvailable:   3456 kB", in bytes.
double kilobytes_after(const std::filesystem::path& file, const std::string& key, double otherwise) {
  std::ifstream words(file);
  std::string word;
  double kilobytes = 0;
  while (words >> word)
    if (word == key && words >> kilobytes) return kilobytes * 1024;
  return otherwise;
}

/// What `ulimit` leaves of one kind of memory, of which the kernel counts what is used under `key`.
double left_of_limit(decltype(RLIMIT_AS) kind, const std::string& key) {
  rlimit limit{};
  if (getrlimit(kind, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  return std::max(static_cast<double>(limit.rlim_cur) - kilobytes_after("/proc/self/status", key, 0), 0.0);
}

}  // namespace

std::vector<int> allowed_cpus() {
  std::vector<int> cpus;
  for (int place = 0; omp_get_proc_bind() != omp_proc_bind_false && place < omp_get_num_places(); ++place) {
    std::vector<int> of_place(static_cast<std::size_t>(std::max(omp_get_place_num_procs(place), 0)));
    omp_get_place_proc_ids(place, of_place.data());
    cpus.insert(cpus.end(), of_place.begin(), of_place.end());
  }
  std::sort(cpus.begin(), cpus.end());
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  return cpus.empty() ? cpus_of_this_thread() : cpus;
}

void allow_cpus([[maybe_unused]] const std::vector<int>& cpus) {
#ifdef __linux__
  CpuSet set;
  for (const int cpu : cpus) CPU_SET_S(static_cast<std::size_t>(cpu), set.size(), set.get());
  if (!cpus.empty()) sched_setaffinity(0, set.size(), set.get());
#endif
}

int allowed_threads() {
  const std::vector<int> cpus = allowed_cpus();
  return cpus.empty() ? omp_get_num_procs() : static_cast<int>(cpus.size());
}

double quota_of_cores() { return group_limits().cores; }

double available_memory(const std::filesystem::path& root) {
  return std::min({kilobytes_after(root / "proc/meminfo", "MemAvailable:", unlimited),
                   group_limits(root).memory, left_of_limit(RLIMIT_AS, "VmSize:"),
                   left_of_limit(RLIMIT_DATA, "VmData:")});
}

// An emulator answers for /proc/self, though not for /proc/thread-self.
bool emulated() {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  const auto real = std::filesystem::read_symlink("/proc/thread-self/exe", unknown);
  return !unknown && self != real;
}

}  // namespace trilbench
