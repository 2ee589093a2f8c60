// Rows with a given number of calls: what --iterations=FILE asks for. Two builds that make the same calls can
// be compared round by round (scripts/compare); a number that each finds for itself would be part of the
// difference.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "harness/run.hpp"
#include "suite/operation.hpp"

namespace trilbench::bench {

struct CountedRow {
  const Implementation* row;
  Problem problem;
  benchmark::IterationCount calls;  // of each repetition
};

/// Reads lines of a benchmark's name and a number of calls. Throws std::invalid_argument, with the line that
/// is wrong, for what is no such line, and for a name that the program does not have.
std::vector<CountedRow> read_iterations(const Subject& subject, const Operation& operation,
                                        const std::string& file);

}  // namespace trilbench::bench
