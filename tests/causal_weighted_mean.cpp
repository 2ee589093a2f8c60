// causal_weighted_mean: sizes beside those of vectors, tiles, panels and threads' parts.
#include <doctest/doctest.h>

#include "sequence_shapes.hpp"

namespace {

using namespace trilbench;

const OperationTests of_causal_weighted_mean{"causal_weighted_mean", weighted_of_each_kind,
                                             edges_of_weighted};

TEST_CASE("causal_weighted_mean: one problem of each kind") {  // quick enough for emulators
  verify_variants("causal_weighted_mean", of_causal_weighted_mean.shapes);
}

TEST_CASE("causal_weighted_mean: all short sequences and few channels") {
  // Call after call and several threads are other tests' affair: here they would take most of the time.
  verify_variants(
      "causal_weighted_mean", short_sequences(2),
      {.most_flops = 1e6, .checks = CheckSet::all().without(Check::repeats).without(Check::threads)});
}

TEST_CASE("causal_weighted_mean: beside the widths of vectors and tiles") {
  verify_variants("causal_weighted_mean", beside_widths_and_tiles(),
                  {.most_flops = 4e5, .checks = CheckSet::all().without(Check::repeats)});
}

TEST_CASE("causal_weighted_mean: long sequences") {
  verify_variants("causal_weighted_mean", {"1x257x5", "2x300x3"},
                  {.checks = CheckSet::all().without(Check::threads)});
  verify_variants("causal_weighted_mean", {"1x1023x3"}, {.checks = CheckSet::only(Check::impulses)});
}

TEST_CASE("causal_weighted_mean: many channels and many batches") {
  verify_variants("causal_weighted_mean", many_channels_or_batches,
                  {.checks = CheckSet::all().without(Check::repeats)});
}

TEST_CASE("causal_weighted_mean: more of x than L2 holds") {
  verify_variants("causal_weighted_mean", {"5x130x515", "1x67x8195"},
                  {.most_flops = 5e7, .checks = CheckSet::only(Check::integers)});
  verify_variants("causal_weighted_mean", {"1x67x8195"},
                  {.most_flops = 5e7, .checks = CheckSet::only(Check::integers), .threads = {2}});
}

TEST_CASE("causal_weighted_mean: several threads") {
  verify_variants(
      "causal_weighted_mean", for_several_threads,
      {.checks = CheckSet::of({Check::bound, Check::integers, Check::margins}), .threads = {2, 5, 17}});
}

}  // namespace
