// What the system lets this process have: cores, processor time, memory, caches.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <vector>

#include "suite/machine.hpp"

namespace trilbench {

/// The CPUs on which a thread of this process may run: those that OpenMP binds threads to, if the user told
/// it to bind them, else those that the system allows. Empty where that is unknown.
std::vector<int> allowed_cpus();

/// Lets threads run on these CPUs and no others: also the first thread, which OpenMP may have bound to one of
/// them before main. Does nothing where that is not possible.
void allow_cpus(const std::vector<int>& cpus);

/// How many threads may run at the same time; at least one.
int allowed_threads();

/// What Linux' control groups leave: containers, batch systems and systemd's slices are made of them.
/// Infinity where nobody sets a limit.
struct GroupLimits {
  double cores = std::numeric_limits<double>::infinity();   // of processor time in a second
  double memory = std::numeric_limits<double>::infinity();  // bytes that may still be taken
};

/// The tightest limits of this process's own groups and of all groups around them that can be seen, of
/// version 1, 2, or some controllers of each. The files are those below `root`.
GroupLimits group_limits(const std::filesystem::path& root = "/");

/// Bytes to be had without swapping, within the limits of groups and `ulimit`. Infinity where unknown.
double available_memory(const std::filesystem::path& root = "/");

/// One that holds data, as the system describes it.
struct Cache {
  int level;
  std::int64_t bytes;
  int shared_by;  // so many CPUs; 0: not known
};

/// Those of a CPU that are known, from L1 on: by the files below `root` or else the C library.
std::vector<Cache> data_caches(const std::filesystem::path& root, int cpu);

/// Those of the first CPU that this process may use.
std::vector<Cache> own_caches();

/// What kernels plan by where a process may run on so many CPUs at a time: all of L1 and L2, and of the last
/// level no more than the part of those that share it.
Machine machine_of(const std::vector<Cache>& caches, double cpus);

/// Whether the program runs under a user-mode emulator such as qemu's. If so, starting it again by execv
/// would leave the emulated CPU for the real one.
bool emulated();

}  // namespace trilbench
