// What the plans of the chosen rows chose and why, in words. Plans are made, and nothing is run.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/options.hpp"

namespace trilbench::bench {

struct Explained {
  Planned row;
  std::vector<std::pair<std::string, std::string>> lines;  // what each is about, and its text; one at least
};

/// Of the rows that the options choose, on the machine.
std::vector<Explained> explain(const Operation& operation, const Options& options, const Machine& machine);

/// For people.
std::string explanations(const Operation& operation, const std::vector<Explained>& rows,
                         const Machine& machine);

/// {"operation", "rows": [{"name", "skipped", "lines": [{"topic", "text"}]}]}; skipped "": not by the variant
/// itself.
std::string explanations_json(const Operation& operation, const std::vector<Explained>& rows);

}  // namespace trilbench::bench
