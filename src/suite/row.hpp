// What follows from one implementation and one problem: a name, memory, and whether it runs here at all.
#pragma once

#include <cstddef>
#include <string>

#include "suite/implementation.hpp"
#include "suite/operation.hpp"

namespace trilbench {

/// "<operation>/<implementation>/<isa>/f32/B:8/T:1024/C:64/omp:1": the name of a benchmark. An axis that is a
/// shape is written as "X:3x1x2x2".
std::string benchmark_name(const Operation& operation, const Implementation& row, const Problem& problem);

/// Bytes of the row's workspace; 0 if it takes none.
std::size_t workspace_bytes(const Implementation& row, const Problem& problem);

/// Bytes of all inputs, the output and the row's workspace.
double memory_bytes(const Operation& operation, const Implementation& row, const Problem& problem);

/// The row's own reason for refusing the problem, or what the CPU lacks; empty if it runs.
std::string why_skipped(const Implementation& row, const Problem& problem);

}  // namespace trilbench
