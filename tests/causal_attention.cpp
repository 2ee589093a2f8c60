// causal_attention: sizes beside those of vectors, tiles and threads' parts; heads alone and in groups.
#include <doctest/doctest.h>

#include <random>

#include "operation_tests.hpp"
#include "suite/registry.hpp"

namespace {

using namespace trilbench;

std::vector<Edge> edges(std::int64_t size) {
  return edges_of_axes(4, size, [](const long double* n) { return 4 * n[0] * n[1] * n[2] * n[3]; });
}

const OperationTests of_causal_attention{
    "causal_attention", {"1x1x1x1", "2x3x17x5", "1x4g2x9x8", "1x1x65x17", "1x2x130x33"}, edges};

TEST_CASE("causal_attention: one problem of each kind") {  // quick enough for emulators
  verify_variants("causal_attention", of_causal_attention.shapes);
}

TEST_CASE("causal_attention: all short sequences and small heads") {
  Shapes shapes;
  for (std::int64_t T = 1; T <= 17; ++T)
    for (const std::int64_t D : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17})
      if ((T + D) % 2 == 0) shapes.push_back(shape_of({1 + (T + D) % 3, 1 + T % 2, T, D}));
  // Call after call and several threads are other tests' affair: here they would take most of the time.
  verify_variants(
      "causal_attention", shapes,
      {.most_flops = 1e6, .checks = CheckSet::all().without(Check::repeats).without(Check::threads)});
}

/// Every size of either axis, beside a random short one of the other.
Shapes beside_widths_and_tiles() {
  constexpr std::int64_t small[] = {5, 8, 15, 16, 17, 23, 24, 25, 31, 32, 33};
  std::mt19937 engine(5);
  const auto any = [&] { return small[engine() % std::size(small)]; };
  Shapes shapes;
  for (const std::int64_t T : {23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 79, 81, 95, 97, 127, 128, 129})
    shapes.push_back(shape_of({1, 2, T, any()}));
  for (const std::int64_t D : {6,  11, 12, 13, 23, 24, 25, 31, 32,  33,  47,  48,  49,
                               63, 64, 65, 79, 80, 81, 96, 97, 127, 128, 129, 255, 256})
    shapes.push_back(shape_of({1, 2, any(), D}));
  shapes.push_back("1x1x129x129");
  return shapes;
}

TEST_CASE("causal_attention: beside the widths of vectors and tiles") {
  verify_variants(
      "causal_attention", beside_widths_and_tiles(),
      {.most_flops = 2e7, .checks = CheckSet::all().without(Check::repeats).without(Check::threads)});
}

TEST_CASE("causal_attention: heads of queries in groups over those of keys") {
  verify_variants("causal_attention", {"2x4g2x33x8", "1x6g1x65x5", "3x6g3x17x16", "1x4g2x66x64"},
                  {.most_flops = 2e7, .checks = CheckSet::all().without(Check::repeats)});
}

TEST_CASE("causal_attention: long sequences") {
  verify_variants("causal_attention", {"1x1x257x5", "1x2x300x3"},
                  {.checks = CheckSet::all().without(Check::threads)});
  verify_variants("causal_attention", {"1x1x515x64"},
                  {.most_flops = 1e8, .checks = CheckSet::of({Check::bound, Check::causality})});
  verify_variants("causal_attention", {"1x1x1023x3"},
                  {.most_flops = 2e7, .checks = CheckSet::only(Check::impulses)});
}

TEST_CASE("causal_attention: many heads and many batches") {
  verify_variants("causal_attention", {"301x1x3x2", "1x515x3x2", "1x1x3x1025"},
                  {.checks = CheckSet::all().without(Check::repeats)});
}

TEST_CASE(
    "causal_attention: none declares blocks, by which its bound would lose part of the logits' errors") {
  for (const auto table : {variants(), odd_tunings()})
    for (const Variant& variant : table)
      if (std::string_view(variant.operation).ends_with("attention") ||
          variant.operation == std::string_view("attention_decode"))
        CHECK_MESSAGE(variant.implementation->sum_block == 0, variant.name);
}

TEST_CASE("causal_attention: several threads") {
  verify_variants("causal_attention",
                  {"1x1x1x1", "1x1x2x17", "2x3x7x5", "1x4g2x33x8", "1x1x300x16", "3x1x97x65"},
                  {.checks = CheckSet::of({Check::bound, Check::impulses, Check::integers, Check::margins}),
                   .threads = {2, 5, 17}});
}

}  // namespace
