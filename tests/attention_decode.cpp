// attention_decode: sizes beside those of vectors, tiles and pieces; heads alone and in groups, and what
// decoding step by step has in common with the whole.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "every_variant.hpp"
#include "operation_tests.hpp"
#include "suite/random.hpp"
#include "suite/shape.hpp"
#include "suite/verify/compare.hpp"

namespace {

using namespace trilbench;

/// Caches have room for pages of 64 rows, one more than are full.
std::vector<Edge> edges(std::int64_t size) {
  return edges_of_axes(4, size, [](const long double* n) {
    return 2 * n[0] * n[1] * n[3] * (1 + (std::floor(n[2] / 64) + 1) * 64);
  });
}

const OperationTests of_attention_decode{
    "attention_decode",
    {"1x1x1x1", "1x4g1x17x5", "2x2x64x3", "1x2x65x17", "2x6g2x130x33", "1x1x300x64"},
    edges};

TEST_CASE("attention_decode: one problem of each kind") {  // quick enough for emulators
  verify_variants("attention_decode", of_attention_decode.shapes);
}

TEST_CASE("attention_decode: all short caches and small heads") {
  Shapes shapes;
  for (std::int64_t T = 1; T <= 17; ++T)
    for (const std::int64_t D : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17})
      if ((T + D) % 2 == 0) shapes.push_back(shape_of({1 + (T + D) % 3, 1 + T % 2, T, D}));
  verify_variants("attention_decode", shapes,
                  {.checks = CheckSet::all().without(Check::repeats).without(Check::threads)});
}

TEST_CASE("attention_decode: beside the widths of vectors and tiles") {
  constexpr std::int64_t T[] = {23,  31,  32,  33,  47,  63,  64,  65,  79,  127, 128,
                                129, 255, 256, 257, 271, 272, 273, 511, 513, 1025};
  constexpr std::int64_t D[] = {6,  12, 13, 24, 31,  32,  33,  47,  48,  49,  63,  64, 65,
                                80, 95, 96, 97, 127, 128, 129, 145, 191, 192, 255, 256};
  std::mt19937 engine(5);
  Shapes shapes;
  for (const std::int64_t t : T) shapes.push_back(shape_of({1, 1, t, D[engine() % std::size(D)]}));
  for (const std::int64_t d : D) shapes.push_back(shape_of({1, 2, T[engine() % std::size(T)], d}));
  verify_variants(
      "attention_decode", shapes,
      {.checks = CheckSet::of({Check::bound, Check::impulses, Check::margins, Check::causality})});
}

TEST_CASE("attention_decode: groups of every size") {
  Shapes shapes;
  for (int group = 1; group <= 9; ++group)
    for (const char* const sizes : {"x37x19", "x70x64", "x33x129"})
      shapes.push_back("2x" + std::to_string(2 * group) + "g2" + sizes);
  verify_variants("attention_decode", shapes,
                  {.checks = CheckSet::all().without(Check::repeats).without(Check::threads)});
}

TEST_CASE("attention_decode: several threads") {  // caches cut into pieces, or not
  verify_variants("attention_decode",
                  {"1x1x1x1", "1x1x2x17", "2x3x7x5", "1x4g1x333x8", "1x1x300x16", "3x5x97x65"},
                  {.checks = CheckSet::of({Check::bound, Check::hard, Check::impulses, Check::integers,
                                           Check::non_finite, Check::margins}),
                   .threads = {2, 5, 17}});
}

TEST_CASE("attention_decode: caches past L2 are prefetched") {
  const Machine small{.L1 = 1 << 10, .L2 = 1 << 12, .last_level = 1 << 14};
  verify_variants(
      "attention_decode", {"1x1x300x64", "2x6g2x130x33", "1x8g2x65x129"},
      {.checks = CheckSet::of({Check::bound, Check::impulses, Check::margins}), .machine = &small});
}

/// What decoding makes of step t of a sequence, in caches whose room behind it is full of garbage.
std::vector<Result> decoded(const Problem& all, std::int64_t t,
                            const std::vector<std::vector<float>>& sequence) {
  const Operation& operation = *operation_named("attention_decode");
  Problem step = all;
  step.sizes[2] = t + 1;
  const std::int64_t T = all.sizes[2], D = all.sizes[3];
  std::vector<std::vector<float>> inputs;
  for (int input = 0; input < 3; ++input) {
    const std::int64_t elements = operation.input_elements(step, input);
    inputs.emplace_back(elements, std::numeric_limits<float>::quiet_NaN());
    const std::int64_t heads = std::ssize(sequence[input]) / (T * D), room = elements / heads;
    for (std::int64_t head = 0; head < heads; ++head) {
      const auto from = sequence[input].begin() + head * T * D;
      if (input == 0) {
        std::copy_n(from + t * D, D, inputs[0].begin() + head * D);
      } else {
        std::copy_n(from, (t + 1) * D, inputs[input].begin() + head * room);
      }
    }
  }
  return every_variant("attention_decode", step, inputs);
}

TEST_CASE("attention_decode: step by step it gives the rows of causal_attention") {
  const Operation& whole = *operation_named("causal_attention");
  for (const char* const shape : {"1x1x5x3", "2x4g2x70x8", "1x2x66x33"}) {
    CAPTURE(shape);
    const Problem problem = parse_shape(whole, shape);
    const std::int64_t T = problem.sizes[2], D = problem.sizes[3], rows = whole.rows(problem);
    std::vector<std::vector<float>> inputs;
    std::vector<const float*> pointers;
    for (std::uint32_t input = 0; input < 3; ++input) {
      inputs.emplace_back(whole.input_elements(problem, static_cast<int>(input)));
      TorchGenerator(input).randn(inputs.back());
    }
    for (const std::vector<float>& input : inputs) pointers.push_back(input.data());
    std::vector<double> value(rows * D), magnitude(rows * D);
    whole.reference(problem, pointers.data(), sample_rows(whole, problem, rows, 0), value.data(),
                    magnitude.data());
    const std::vector<Result> results = every_variant("causal_attention", problem, inputs);
    REQUIRE(!results.empty());
    for (const std::int64_t t : {std::int64_t{0}, T / 2, T - 2, T - 1})
      for (const Result& step : decoded(problem, t, inputs))
        for (const Result& all : results) {
          double worst = 0;
          for (std::int64_t head = 0; head < rows / T; ++head)
            for (std::int64_t d = 0; d < D; ++d) {
              const std::int64_t row = head * T + t, at = row * D + d;
              const auto terms = static_cast<double>(whole.terms(problem, row));
              const double bound = unit_roundoff * (std::abs(value[at]) +
                                                    error_growth(whole.roundings(terms)) * magnitude[at]) +
                                   whole.underflow(problem, row);
              const double apart = std::abs(double{step.y[head * D + d]} - all.y[at]) / (2 * bound);
              if (!(apart <= worst)) worst = apart;
            }
          CHECK_MESSAGE(worst <= 1, step.variant << " and " << all.variant << " differ at step " << t);
        }
  }
}

}  // namespace
