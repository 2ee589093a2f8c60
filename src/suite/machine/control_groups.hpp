// What Linux' control groups leave this process: containers, batch systems and systemd's slices are made of
// them.
#pragma once

#include <filesystem>
#include <limits>

namespace trilbench {

/// Infinity where nobody sets a limit.
struct GroupLimits {
  double cores = std::numeric_limits<double>::infinity();   // of processor time in a second
  double memory = std::numeric_limits<double>::infinity();  // bytes that may still be taken
};

/// The tightest limits of this process's own groups and of all groups around them that can be seen, of
/// version 1, 2, or some controllers of each. The files are those below `root`.
GroupLimits group_limits(const std::filesystem::path& root = "/");

}  // namespace trilbench
