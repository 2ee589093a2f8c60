// causal_mean: sizes beside those of vectors, tiles, blocks and threads' parts.
#include <doctest/doctest.h>

#include "sequence_shapes.hpp"

namespace {

using namespace trilbench;

const OperationTests of_causal_mean{
    "causal_mean", {"1x1x1", "2x17x5", "1x33x17", "3x65x1", "1x130x33"}, [](std::int64_t size) {
      return edges_of_axes(3, size, [](const long double* n) { return 2 * n[0] * n[1] * n[2]; });
    }};

// A thousand calls on one workspace are made of one problem of each kind, and of many channels and batches.
const CheckSet all_but_repeats = CheckSet::all().without(Check::repeats);

TEST_CASE("causal_mean: one problem of each kind") {  // quick enough for emulators
  verify_variants("causal_mean", of_causal_mean.shapes);
}

TEST_CASE("causal_mean: all short sequences and few channels") {
  verify_variants("causal_mean", short_sequences(), {.most_flops = 1e6, .checks = all_but_repeats});
}

TEST_CASE("causal_mean: beside the widths of vectors and tiles and blocks") {
  const Sizes T{23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 127, 128, 129, 191, 192, 193, 255, 256, 257};
  const Sizes C{6,  11, 12, 13, 23, 24, 25, 31, 32,  33,  47,  48,  49,  63,
                64, 65, 79, 80, 81, 95, 96, 97, 127, 128, 129, 143, 160, 257};
  verify_variants("causal_mean", beside_each_other(T, C), {.most_flops = 3e6, .checks = all_but_repeats});
}

TEST_CASE("causal_mean: long sequences") {
  verify_variants("causal_mean",
                  {"1x1000x5", "1x1023x17", "2x4095x3", "1x2047x1", "1x4097x1", "1x8191x17", "1x131071x2"},
                  {.most_flops = 2e7});
}

TEST_CASE("causal_mean: more than the caches hold") {  // from where stores are streamed
  verify_variants("causal_mean", {"1x16411x513"},
                  {.most_flops = 2e7, .checks = CheckSet::only(Check::impulses)});
}

TEST_CASE("causal_mean: where x alone stays in L2") {  // of 1 or 2 MiB
  verify_variants("causal_mean", {"4x2048x64", "8x1024x65", "1x200003x3"},
                  {.most_flops = 2e7, .checks = CheckSet::only(Check::impulses)});
}

TEST_CASE("causal_mean: many channels and many batches") {
  verify_variants("causal_mean", many_channels_or_batches);
}

TEST_CASE("causal_mean: several threads") {
  verify_variants("causal_mean",
                  {"1x1x1", "1x2x17", "2x7x5", "5x33x2", "1x257x8", "3x129x65", "3x5x385", "1x3000x3"},
                  {.checks = all_but_repeats, .threads = {2, 5, 17}});
  verify_variants("causal_mean", {"3x129x65"}, {.threads = {2}});
}

}  // namespace
