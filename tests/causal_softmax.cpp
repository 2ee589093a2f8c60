// causal_softmax: lengths beside those of vectors, of what their loops unroll, and of threads' parts.
#include <doctest/doctest.h>

#include "operation_tests.hpp"

namespace {

using namespace trilbench;

const OperationTests of_causal_softmax{"causal_softmax", {"1", "2", "17", "70"}, [](std::int64_t size) {
                                         return edges_of_axes(
                                             1, size, [](const long double* n) { return 2 * n[0] * n[0]; });
                                       }};

const CheckSet all_but_repeats = CheckSet::all().without(Check::repeats);

TEST_CASE("causal_softmax: one problem of each kind") {  // quick enough for emulators
  verify_variants("causal_softmax", of_causal_softmax.shapes);
}

TEST_CASE("causal_softmax: all short rows") {
  Shapes lengths;
  for (std::int64_t T = 1; T <= 40; ++T) lengths.push_back(shape_of({T}));
  verify_variants("causal_softmax", lengths, {.most_flops = 1e6, .checks = all_but_repeats});
}

TEST_CASE("causal_softmax: beside the widths of vectors and of unrolled loops") {
  verify_variants("causal_softmax", {"47", "48", "49", "63", "64", "65", "127", "128", "129", "193"},
                  {.checks = all_but_repeats});
}

TEST_CASE("causal_softmax: long rows") {  // from where they go through the pipeline
  verify_variants("causal_softmax", {"601"},
                  {.most_flops = 1e9, .checks = all_but_repeats.without(Check::threads)});
}

TEST_CASE("causal_softmax: longer rows") {
  verify_variants("causal_softmax", {"1025"}, {.most_flops = 1e9, .checks = CheckSet::only(Check::impulses)});
}

TEST_CASE("causal_softmax: several threads") {
  verify_variants("causal_softmax", {"1", "3", "16", "33", "150"},
                  {.checks = all_but_repeats, .threads = {2, 5, 17}});
}

}  // namespace
