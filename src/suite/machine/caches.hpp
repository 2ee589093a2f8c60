// The caches that hold data, as the system describes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "suite/machine.hpp"

namespace trilbench {

struct Cache {
  int level;
  std::int64_t bytes;
  int shared_by;  // so many CPUs; 0: not known
};

/// Those of the first CPU, from L1 on, as the files below `root` tell or else the C library; those that are
/// unknown are left out.
std::vector<Cache> data_caches(const std::filesystem::path& root = "/");

/// What kernels plan by where a process may run on so many CPUs at a time: all of L1 and L2, and of the last
/// level no more than the part of those that share it.
Machine machine_of(const std::vector<Cache>& caches, double cpus);

}  // namespace trilbench
