// What surrounds the measured code: OpenMP's settings, and what a result must tell of machine and build.
#pragma once

#include "harness/options.hpp"

namespace trilbench::bench {

/// OpenMP reads its settings before main begins. Sets those that decide what a parallel region costs, unless
/// the user did, and starts this program again with them. Returns once all are set; throws std::runtime_error
/// if the program cannot be started again.
void settle_openmp(char** argv);

/// The threads that this process may have running at the same time.
int hardware_threads();

/// How many threads a parallel region that asks for `threads` really gets.
int team_size(int threads);

/// Writes compiler, flags, versions, instruction sets and settings into Google Benchmark's context.
void add_context(const Options& options);

}  // namespace trilbench::bench
