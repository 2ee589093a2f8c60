// What the system lets this process have: cores, processor time, memory.
#pragma once

#include <filesystem>
#include <vector>

namespace trilbench {

/// The CPUs on which a thread of this process may run: those that OpenMP binds threads to, if the user told
/// it to bind them, else those that the system allows. Empty where that is unknown.
std::vector<int> allowed_cpus();

/// Lets threads run on these CPUs and no others: also the first thread, which OpenMP may have bound to one of
/// them before main. Does nothing where that is not possible.
void allow_cpus(const std::vector<int>& cpus);

/// How many threads may run at the same time; at least one.
int allowed_threads();

/// The processor time that a quota of this process's control groups grants it in a second, in cores; infinity
/// if there is none. Threads beyond that wait for each other.
double quota_of_cores();

/// Bytes that can be had without swapping, within the limits of the control groups (whose files are those
/// below `root`) and of `ulimit`. Infinity where it is unknown.
double available_memory(const std::filesystem::path& root = "/");

/// Whether the program runs under a user-mode emulator such as qemu's. If so, starting it again by execv
/// would leave the emulated CPU for the real one.
bool emulated();

}  // namespace trilbench
