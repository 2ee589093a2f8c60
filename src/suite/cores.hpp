// The cores that this process may use.
#pragma once

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
/// if there is none. Threads beyond that take turns.
double quota_of_cores();

}  // namespace trilbench
