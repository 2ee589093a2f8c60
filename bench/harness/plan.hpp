// Which variants a run measures on which problems, which it skips and why; and that in words.
#pragma once

#include <string>
#include <vector>

#include "harness/options.hpp"

namespace trilbench::bench {

/// The counted rows if there are any; else every chosen variant on every problem, those of a problem
/// together. Calls each that can run on a small problem of the same kind, to predict what a call takes.
/// Throws std::invalid_argument if a shape that the user asked for does not fit into memory.
std::vector<Planned> make_plan(const Operation& operation, const Options& options);

/// The variants of each implementation: cost, the roundings that the error bound allows, why it is skipped.
std::string listing(const Operation& operation, const std::vector<Planned>& plan);

/// {"operation", "axes", "rows": [{"name", "implementation", "isa", "shape", "threads", "skipped", "growth",
/// "flops", "bytes", "workspace_bytes", "predicted_seconds"}]}; null: not known, skipped "": it runs.
std::string listing_json(const Operation& operation, const std::vector<Planned>& plan);

/// One line for each reason, with the rows that it keeps from running; empty if all run.
std::string skipped_rows(const Operation& operation, const std::vector<Planned>& plan);

}  // namespace trilbench::bench
