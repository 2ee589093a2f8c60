// tril_matmul: sizes beside those of vectors, tiles, panels and threads' parts.
#include <doctest/doctest.h>

#include "sequence_shapes.hpp"

namespace {

using namespace trilbench;

const OperationTests of_tril_matmul{"tril_matmul", weighted_of_each_kind, edges_of_weighted};

TEST_CASE("tril_matmul: one problem of each kind") {  // quick enough for emulators
  verify_variants("tril_matmul", of_tril_matmul.shapes);
}

TEST_CASE("tril_matmul: all short sequences and few channels") {
  // Call after call and several threads are other tests' affair: here they would take most of the time.
  verify_variants(
      "tril_matmul", short_sequences(2),
      {.most_flops = 1e6, .checks = CheckSet::all().without(Check::repeats).without(Check::threads)});
}

TEST_CASE("tril_matmul: beside the widths of vectors and tiles") {
  verify_variants("tril_matmul", beside_widths_and_tiles(),
                  {.most_flops = 4e5, .checks = CheckSet::all().without(Check::repeats)});
}

TEST_CASE("tril_matmul: long sequences") {
  verify_variants("tril_matmul", {"1x257x5", "2x300x3"}, {.checks = CheckSet::all().without(Check::threads)});
  verify_variants("tril_matmul", {"1x1023x3"}, {.checks = CheckSet::only(Check::impulses)});
}

TEST_CASE("tril_matmul: many channels and many batches") {
  verify_variants("tril_matmul", many_channels_or_batches,
                  {.checks = CheckSet::all().without(Check::repeats)});
}

TEST_CASE("tril_matmul: more of x than L2 holds") {
  verify_variants("tril_matmul", {"5x130x515", "1x67x8195"},
                  {.most_flops = 5e7, .checks = CheckSet::only(Check::integers)});
  verify_variants("tril_matmul", {"1x67x8195"},
                  {.most_flops = 5e7, .checks = CheckSet::only(Check::integers), .threads = {2}});
}

TEST_CASE("tril_matmul: several threads") {
  verify_variants(
      "tril_matmul", for_several_threads,
      {.checks = CheckSet::of({Check::bound, Check::integers, Check::margins}), .threads = {2, 5, 17}});
}

}  // namespace
