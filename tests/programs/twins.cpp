// Every implementation of causal_mean twice, the second named <name>_again: what differs between twins is the
// measurement's own error. scripts/prove compares them.
#include <deque>
#include <string>

#include "causal_mean.hpp"
#include "suite/registry.hpp"

int main(int argc, char** argv) {
  std::deque<std::string> names;  // the variants point into these, and a deque does not move what it holds
  std::vector<trilbench::Variant> twins;
  for (const trilbench::Variant& variant : trilbench::variants()) {
    if (variant.operation != std::string_view("causal_mean")) continue;
    twins.push_back(variant);
    twins.push_back(variant);
    twins.back().name = names.emplace_back(variant.name + std::string("_again")).c_str();
  }
  return trilbench::bench::run_causal_mean(twins, {"4x8x2"}, argc, argv);
}
