// A plan in words: the table of --list, the same for scripts, and what a run leaves out.
#pragma once

#include <string>
#include <vector>

#include "harness/plan.hpp"

namespace trilbench::bench {

/// The rows of each way: cost, the roundings that its error bound allows, why it is skipped.
std::string listing(const Operation& operation, const std::vector<PlannedRow>& plan);

/// {"operation", "axes", "rows": [{"name", "implementation", "isa", "shape", "threads", "skipped", "growth",
/// "flops", "bytes", "workspace_bytes", "predicted_seconds"}]}; what is not known is null, `skipped` is ""
/// for a row that runs.
std::string listing_json(const Operation& operation, const std::vector<PlannedRow>& plan);

/// One line for each reason, with the rows that it keeps from running; empty if all run.
std::string skipped_rows(const Operation& operation, const std::vector<PlannedRow>& plan);

}  // namespace trilbench::bench
