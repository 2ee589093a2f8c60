// How much memory this process may still take.
#pragma once

#include <filesystem>

namespace trilbench {

/// Bytes that can be had without swapping, within the limits of the control groups (whose files are those
/// below `root`) and of `ulimit`. Infinity where it is unknown.
double available_memory(const std::filesystem::path& root = "/");

}  // namespace trilbench
