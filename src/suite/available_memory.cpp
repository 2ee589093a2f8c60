#include "suite/available_memory.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "suite/control_groups.hpp"

namespace trilbench {
namespace {

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

double available_memory(const std::filesystem::path& root) {
  return std::min({kilobytes_after(root / "proc/meminfo", "MemAvailable:", unlimited),
                   group_limits(root).memory, left_of_limit(RLIMIT_AS, "VmSize:"),
                   left_of_limit(RLIMIT_DATA, "VmData:")});
}

}  // namespace trilbench
