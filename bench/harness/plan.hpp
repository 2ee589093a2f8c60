// Which rows a run measures, which it skips and why.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/options.hpp"

namespace trilbench::bench {

struct PlannedRow {
  const Implementation* row;
  Problem problem;
  std::string skipped;  // why; empty if it runs
  std::optional<double>
      predicted_seconds;  // of one call; nothing if the row cannot run here, faults, or is counted
  benchmark::IterationCount calls = 0;  // of a repetition; 0: Google Benchmark finds out
};

/// The counted rows if there are any; else every chosen row on every problem, the rows of a problem together.
/// Calls each row that can run on a small problem of the same kind, to predict what a call takes. Throws
/// std::invalid_argument if a shape that the user asked for does not fit into memory.
std::vector<PlannedRow> make_plan(const Operation& operation, const Options& options);

}  // namespace trilbench::bench
