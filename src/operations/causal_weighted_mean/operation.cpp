// causal_weighted_mean: every position of a sequence sees the mean of itself and its past, weighted by the
// softmax of given logits.
//
//   y[b, t, c] = P[t, 0] x[b, 0, c] + ... + P[t, t] x[b, t, c]
//   P[t, k] = e^W[t, k] / (e^W[t, 0] + ... + e^W[t, t])
//
// This file says what is right; docs/numerics.md derives the bound. A row of the output is one (b, t).
// W[T, T] is dense: what lies above its diagonal is there, and is no input. Among finite logits -infinity has
// weight 0; NaN, +infinity, or nothing but -infinity make the row's weights NaN, all of them.
#include "suite/operation.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <span>

#include "operations/logits.hpp"
#include "operations/reference_softmax.hpp"
#include "operations/weighted_sequence.hpp"
#include "suite/element.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::causal_weighted_mean {
namespace {

using namespace weighted_sequence;
using namespace logits;
using Axes = SequenceAxes;

// An exponential below 2^-125 may be flushed to zero, in each weight and in their sum. That costs as much as
// the numbers it is multiplied with are large, so it is part of M: in units of u, twice over.
constexpr double flushed = 2 * smallest_normal / unit_roundoff;

// The errors of the logits' distances count as often as the distances are large: docs/numerics.md.
void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const auto [B, T, C] = Axes(problem);
  for (const std::int64_t row : wanted) {
    const std::int64_t t = row % T;
    const ReferenceSoftmax P(std::span(inputs[0] + t * T, static_cast<std::size_t>(t + 1)));
    const float* x = inputs[1] + (row - t) * C;
    std::fill_n(value, C, 0.0);
    std::fill_n(magnitude, C, 0.0);
    for (std::int64_t k = 0; k <= t; ++k, x += C) {
      const double weight = P.weight[k];
      const double scale = weight * (1 + P.distance[k]) + flushed;
      for (std::int64_t c = 0; c < C; ++c) {
        value[c] += weight * x[c];
        magnitude[c] += scale * std::abs(static_cast<double>(x[c]));
      }
    }
    for (std::int64_t c = 0; c < C; ++c)
      magnitude[c] += std::abs(value[c]) * (P.mean_distance + static_cast<double>(t + 1) * flushed);
    value += C;
    magnitude += C;
  }
}

// Of its weight's exponential five, of the weights' sum t more and five again; a reciprocal, the product with
// it, the product with x, and t additions.
double roundings(double terms) { return 2 * terms + 11; }

// Sums do not underflow; each of the t + 1 products, and the product with the reciprocal, may lose half of
// the smallest denormal.
double underflow(const Problem& problem, std::int64_t row) {
  return static_cast<double>(time_of_row(problem, row) + 2) * smallest_denormal;
}

// Fills

void of_all_sizes(std::span<float> W, std::uint32_t round) {
  constexpr float sizes[] = {1e30f, -1e30f, 1e-30f, -1e-30f, 0.0f, 1.0f, -80.0f};
  std::mt19937 engine(round);
  normal(W, round);
  // In every other row nothing outweighs all others.
  each_row(W, [&](std::int64_t t, std::span<float> past, std::span<float>) {
    for (float& logit : past) logit = sizes[t % 2 + engine() % (std::size(sizes) - 1)];
  });
}

// Impulses and sparse numbers under equal weights, which are exactly 1 before the division, and so is their
// sum: every method must give exactly fl(2^k / (t + 1)), as the mean does.

double sparse_roundings(const Problem& problem, std::int64_t row) {
  return sparse_additions(problem, row) + 3;
}

// Few logits that count: a handful of places in each row, its diagonal among them; all others are -infinity.
// So few weights leave so few roundings that the bound sees each of them, in a sequence of any length.

constexpr int most_places = 8;

void few(std::span<float> W, std::uint32_t round) {
  std::mt19937 engine(round);
  std::normal_distribution<float> size;
  normal(W, round);
  each_row(W, [&](std::int64_t, std::span<float> past, std::span<float>) {
    std::ranges::fill(past, -infinity);
    past.back() = size(engine);
    for (int place = 1; place < most_places; ++place) any_of(past, engine) = size(engine);
  });
}

void from_1_to_2(std::span<float> x, std::uint32_t round) { data::uniform(x, round, 1.0f, 2.0f); }

// Two logits that count in each row, close together, under x of one size and both signs: where the signs
// differ, y moves by half of what the exponential of the smaller one errs, which only 15 roundings excuse.

void pairs(std::span<float> W, std::uint32_t round) {
  std::mt19937 engine(round);
  std::uniform_real_distribution<float> distance(0.0f, 0.5f);
  normal(W, round);
  each_row(W, [&](std::int64_t, std::span<float> past, std::span<float>) {
    std::ranges::fill(past, -infinity);
    any_of(past, engine) = 0;
    any_of(past, engine) = -distance(engine);
  });
}

void signs(std::span<float> x, std::uint32_t round) { data::whole_numbers(x, round, 1); }

template <int count>
double roundings_of(const Problem&, std::int64_t) {
  return roundings(count);
}

// Whole numbers, whose sums are exact in any order: the mean of a power of two of them is exact too.
void whole_numbers(std::span<float> x, std::uint32_t round, const Problem& problem) {
  data::whole_numbers(x, round, static_cast<int>(std::max<std::int64_t>(most_counted / times(problem), 1)));
}

// Some rows of logits are -infinity all over, the first among them at times.
void fill_rows_of_infinity(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_non_finite(problem, round, inputs);
  if (round % 2 == 0) return;
  each_row(W_of(problem, inputs), [round](std::int64_t t, std::span<float> past, std::span<float>) {
    if (t % 11 == round / 2 % 3) std::ranges::fill(past, -infinity);
    if (t % 11 == 5) std::ranges::fill(past.first(past.size() - 1), -infinity);
  });
}

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = Fills::randn, .data = "normal"},
    {.name = "constant 0.1", .check = Check::hard, .fill = Fills::tenth},
    {.name = "constant 1/3", .check = Check::hard, .fill = Fills::third},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = Fills::positive, .data = "positive"},
    {.name = "lognormal", .check = Check::hard, .fill = Fills::filled<normal, data::lognormal>},
    {.name = "cancelling pairs", .check = Check::hard, .fill = Fills::cancelling},
    {.name = "denormals", .check = Check::hard, .fill = Fills::denormal_right},
    {.name = "denormals, logits of 0 and -86.9",
     .check = Check::hard,
     .fill = Fills::filled<of_denormal_weights, data::denormals>,
     .data = "denormal"},
    {.name = "huge", .check = Check::hard, .fill = Fills::huge, .rounds = rounds<2>},
    {.name = "logits on [-100, 100)", .check = Check::hard, .fill = Fills::filled<wide, normal>},
    {.name = "lognormal, logits on [-100, 100)",
     .check = Check::hard,
     .fill = Fills::filled<wide, data::lognormal>,
     .data = "spread"},
    {.name = "logits of all sizes", .check = Check::hard, .fill = Fills::filled<of_all_sizes, normal>},
    {.name = "largest logit above the diagonal",
     .check = Check::hard,
     .fill = Fills::filled<loud_future, normal>},
    exact({.name = "impulses",
           .check = Check::impulses,
           .fill = Fills::filled<equal_in_rows, impulses>,
           .rounds = impulse_rounds}),
    exact({.name = "impulses under a power of two of weights",
           .check = Check::impulses,
           .fill = Fills::filled<powers, impulses>,
           .rounds = impulse_rounds}),
    {.name = "sparse numbers",
     .check = Check::impulses,
     .fill = Fills::filled<equal_in_rows, sparse>,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    {.name = "sparse logits",
     .check = Check::impulses,
     .fill = Fills::filled<few, from_1_to_2>,
     .rounds = rounds<2>,
     .roundings = roundings_of<most_places>},
    {.name = "two logits",
     .check = Check::impulses,
     .fill = Fills::filled<pairs, signs>,
     .rounds = rounds<2>,
     .roundings = roundings_of<2>},
    exact({.name = "whole numbers", .check = Check::integers, .fill = Fills::filled<powers, whole_numbers>}),
    {.name = "NaN and infinities",
     .check = Check::non_finite,
     .fill = fill_rows_of_infinity,
     .rounds = rounds<6>},
};

}  // namespace

extern const Operation operation = {
    .name = "causal_weighted_mean",
    .formula = "y[b,t,c] = sum of softmax(W[t,0..t])[k] x[b,k,c] over k <= t",
    .axes = axes,
    .example = "8x1024x64",
    .inputs = 2,
    .input_elements = elements,
    .rows = rows,
    .columns = columns,
    .reference = reference,
    .counts = counts,
    .terms = terms,
    .roundings = roundings,
    .underflow = underflow,
    .traffic = traffic,
    .fills = fills,
    .time_of_row = time_of_row,
    .change_future = change_future,
    .times = times,
};

}  // namespace trilbench::causal_weighted_mean
