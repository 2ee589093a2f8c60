#include "suite/machine/control_groups.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace trilbench {
namespace {

using std::filesystem::path;

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A hierarchy of groups as it is mounted here.
struct Mount {
  path root;   // the group that is seen at `point`
  path point;  // where
  bool version2;
  std::vector<std::string> controllers;  // of version 1
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream rest(text);
  for (std::string part; std::getline(rest, part, separator);) parts.push_back(part);
  return parts;
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
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
    const std::vector<std::string> words = split(line, ' ');
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (dash - words.begin() < 6 || words.end() - dash < 4) continue;
    if (dash[1] != "cgroup" && dash[1] != "cgroup2") continue;
    found.push_back({.root = unescaped(words[3]),
                     .point = root / path(unescaped(words[4])).relative_path(),
                     .version2 = dash[1] == "cgroup2",
                     .controllers = split(dash[3], ',')});
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

/// Nothing there, or the word "max": unlimited.
double number_in(const path& file) {
  std::ifstream words(file);
  double number = 0;
  return words >> number ? number : unlimited;
}

double number_after(const path& file, std::string_view key) {
  std::ifstream words(file);
  std::string word;
  double number = 0;
  while (words >> word)
    if (word == key && words >> number) return number;
  return 0;
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
  double limit = number_in(group / "memory.limit_in_bytes");
  // That of the groups around it too, which a container may not see.
  if (const double hierarchical = number_after(stat, "hierarchical_memory_limit"); hierarchical > 0)
    limit = std::min(limit, hierarchical);
  return left(limit, number_in(group / "memory.usage_in_bytes"),
              number_after(stat, "total_inactive_file") + number_after(stat, "total_active_file"));
}

double memory_of_version2(const path& group) {
  const path stat = group / "memory.stat";
  return left(std::min(number_in(group / "memory.max"), number_in(group / "memory.high")),
              number_in(group / "memory.current"),
              number_after(stat, "inactive_file") + number_after(stat, "active_file"));
}

}  // namespace

GroupLimits group_limits(const path& root) {
  GroupLimits limits;
  const std::vector<Mount> mounted = mounts(root);
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {  // "4:cpu,cpuacct:/group"; of version 2 "0::/group"
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::vector<std::string> controllers = split(line.substr(first + 1, second - first - 1), ',');
    for (const Mount& mount : mounted) {
      if (mount.version2 != controllers.empty()) continue;
      const auto governs = [&](const char* controller) {
        return contains(controllers, controller) && contains(mount.controllers, controller);
      };
      for (const path& group : folders(mount, line.substr(second + 1))) {
        if (mount.version2)
          limits = {.cores = std::min(limits.cores, cores_of_version2(group)),
                    .memory = std::min(limits.memory, memory_of_version2(group))};
        if (governs("cpu")) limits.cores = std::min(limits.cores, cores_of_version1(group));
        if (governs("memory")) limits.memory = std::min(limits.memory, memory_of_version1(group));
      }
    }
  }
  return limits;
}

}  // namespace trilbench
