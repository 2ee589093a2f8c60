// Shapes as people write them: "8x1024x64", one size per axis of the operation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "suite/implementation.hpp"
#include "suite/operation.hpp"

namespace trilbench {

/// Reads "8x1024x64" for an operation with axes B, T, C. Throws std::invalid_argument, in one line that says
/// what is wrong and what would be right, for a wrong number of axes, anything but whole numbers from 1, and
/// sizes whose product times 4 bytes passes 2^62.
Problem parse_shape(const Operation& operation, std::string_view text, int threads = 1);

/// "8x1024x64".
std::string shape_text(const Operation& operation, const Problem& problem);

/// "<operation>/<implementation>/<isa>/f32/B:8/T:1024/C:64/omp:1": the name of a benchmark.
std::string benchmark_name(const Operation& operation, const Implementation& row, const Problem& problem);

/// Bytes of all inputs, the output and the row's workspace.
double memory_bytes(const Operation& operation, const Implementation& row, const Problem& problem);

/// The row's own reason for refusing the problem, or what the CPU lacks; empty if it runs.
std::string why_skipped(const Implementation& row, const Problem& problem);

}  // namespace trilbench
