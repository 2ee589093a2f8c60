// Whether Google Benchmark can count what --benchmark_perf_counters asks for.
#pragma once

#include <string>

namespace trilbench::bench {

/// Why it counts nothing of a list such as "CYCLES,INSTRUCTIONS", in one line; empty if it counts all. Where
/// it cannot, it says nothing and measures without. Runs a benchmark of its own: to be called after
/// benchmark::Initialize and before others are registered.
std::string why_uncounted(const std::string& counters);

}  // namespace trilbench::bench
