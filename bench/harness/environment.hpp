// What surrounds the measured code: OpenMP's settings, and what a result must tell of machine and build.
#pragma once

#include <string>

#include "harness/options.hpp"

namespace trilbench::bench {

/// OpenMP reads its settings before main begins. Sets those that decide what a parallel region costs and
/// where threads run, unless the user did, and starts this program again with them. Returns once all are set;
/// throws std::runtime_error if the program cannot be started again.
void settle_openmp(char** argv);

/// Throws std::runtime_error if a parallel region that asks for so many threads gets fewer. For one thread it
/// lets the team of earlier rows go, which would spin beside it.
void require_team(int threads);

/// Whether so many threads are more than a quota lets run, in a sentence; empty if not.
std::string why_threads_wait(int threads);

/// As the kernel calls the CPU; empty where it does not, as on aarch64.
std::string cpu_name();

/// Writes compiler, flags, versions, instruction sets and settings into Google Benchmark's context.
void add_context(const Options& options);

/// What --machine prints: one object of JSON, in which what is not known is null, "" or 0.
std::string machine_json();

}  // namespace trilbench::bench
