// Every way of causal_mean twice, the second named <name>_again: what differs between twins is the
// measurement's own error. scripts/prove compares them.
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run.hpp"
#include "suite/registry.hpp"

int main(int argc, char** argv) {
  using trilbench::Implementation;
  constexpr std::string_view operation = "causal_mean";
  std::deque<std::string> names;  // the rows point into these, and a deque does not move what it holds
  std::deque<Implementation> twins;
  std::vector<const Implementation*> rows;
  for (const Implementation* row : trilbench::implementations()) {
    if (row->operation != operation || row->role != trilbench::Role::way) continue;
    twins.push_back(*row);
    twins.back().name = names.emplace_back(std::string(row->name) + "_again").c_str();
    rows.push_back(row);
    rows.push_back(&twins.back());
  }
  return trilbench::bench::run({.operation = operation, .quick = {"4x8x2"}, .full = {"4x8x2"}, .rows = rows},
                               argc, argv);
}
