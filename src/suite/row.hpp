// What follows from one implementation and one problem: a name, memory, and whether it runs here at all.
//
// A row's functions are compiled for its instruction set: on a CPU without it even asking for the flops may
// be the last thing a program does. So whoever has rows that may not run here asks through this file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "suite/implementation.hpp"
#include "suite/operation.hpp"

namespace trilbench {

/// "<operation>/<implementation>/<isa>/f32/B:8/T:1024/C:64/omp:1": the name of a benchmark. An axis that is a
/// shape is written as "X:3x1x2x2".
std::string benchmark_name(const Operation& operation, const Implementation& row, const Problem& problem);

/// The row's own reason for refusing the problem, or what the CPU lacks; empty if it runs.
std::string why_skipped(const Implementation& row, const Problem& problem);

/// What a row says of itself.
struct Figures {
  double growth;  // g, in units of u, in the last row of the output, where it is largest
  double flops;
  double workspace_bytes;
};

/// Nothing where the row is skipped: neither on a CPU that lacks its instruction set nor of a problem that it
/// refuses may it be asked.
std::optional<Figures> figures(const Operation& operation, const Implementation& row, const Problem& problem);

// For those who know that the row runs here. On a CPU that lacks its instruction set they throw
// std::logic_error, rather than end the program.

/// Useful flops of a call.
double flops(const Implementation& row, const Problem& problem);

/// Bytes of the row's workspace; 0 if it takes none.
std::size_t workspace_bytes(const Implementation& row, const Problem& problem);

/// Bytes of all inputs, the output and the row's workspace.
double memory_bytes(const Operation& operation, const Implementation& row, const Problem& problem);

}  // namespace trilbench
