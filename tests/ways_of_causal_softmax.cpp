// causal_softmax: lengths beside those of vectors, of the turns of their loops and of threads' shares.
#include <doctest/doctest.h>

#include <vector>

#include "verify_rows.hpp"

namespace {

using namespace trilbench;

std::vector<Problem> lengths(const std::vector<std::int64_t>& all, int threads = 1) {
  std::vector<Problem> problems;
  for (const std::int64_t T : all) problems.push_back({.sizes = {T}, .threads = threads});
  return problems;
}

TEST_CASE("causal_softmax: one problem of each kind") {  // quick enough for emulators
  verify_rows("causal_softmax: one*", "causal_softmax", lengths({1, 2, 17, 70}), 1e7);
}

TEST_CASE("causal_softmax: all short rows") {
  std::vector<std::int64_t> all;
  for (std::int64_t T = 1; T <= 40; ++T) all.push_back(T);
  verify_rows("causal_softmax: all short*", "causal_softmax", lengths(all), 1e6,
              CheckSet::all().without(Check::repeats));
}

TEST_CASE("causal_softmax: beside the widths of vectors and of their turns") {
  verify_rows("causal_softmax: beside*", "causal_softmax",
              lengths({47, 48, 49, 63, 64, 65, 127, 128, 129, 193}), 1e7,
              CheckSet::all().without(Check::repeats));
}

TEST_CASE("causal_softmax: long rows") {  // from where they go through the pipeline
  verify_rows("causal_softmax: long*", "causal_softmax", lengths({601}), 1e9,
              CheckSet::all().without(Check::repeats).without(Check::threads));
}

TEST_CASE("causal_softmax: longer rows") {
  verify_rows("causal_softmax: longer*", "causal_softmax", lengths({1025}), 1e9,
              CheckSet::only(Check::impulses));
}

TEST_CASE("causal_softmax: several threads") {
  std::vector<Problem> problems;
  for (const int threads : {2, 5, 17})
    for (const Problem& problem : lengths({1, 3, 16, 33, 150}, threads)) problems.push_back(problem);
  verify_rows("causal_softmax: several*", "causal_softmax", problems, 1e7,
              CheckSet::all().without(Check::repeats));
}

}  // namespace
