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
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "operations/reference_softmax.hpp"
#include "operations/weighted_sequence.hpp"
#include "suite/element.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::causal_weighted_mean {
namespace {

using namespace weighted_sequence;
using Axes = SequenceAxes;

constexpr float infinity = std::numeric_limits<float>::infinity();

// An exponential below 2^-125 may be flushed to zero, in each weight and in their sum. That costs as much as
// the numbers it is multiplied with are large, so it is part of M: in units of u, twice over.
constexpr double flushed = 2 * smallest_normal / unit_roundoff;

// The errors of the logits' distances count as often as the distances are large: docs/numerics.md.
void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const auto [B, T, C] = Axes(problem);
  for (const std::int64_t row : wanted) {
    const std::int64_t t = row % T;
    const ReferenceSoftmax P({inputs[0] + t * T, static_cast<std::size_t>(t + 1)});
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

/// Calls body(t, logits) with what is on and below the diagonal of each row.
template <class Body>
void each_row(const Problem& problem, float* const* inputs, const Body& body) {
  const std::int64_t T = times(problem);
  for (std::int64_t t = 0; t < T; ++t) body(t, std::span(inputs[0] + t * T, static_cast<std::size_t>(t + 1)));
}

void fill_lognormal(const Problem& problem, std::uint32_t round, float* const* inputs) {
  Fills::randn(problem, round, inputs);
  data::lognormal(x_of(problem, inputs), round);
}

void fill_denormal_weights(const Problem& problem, std::uint32_t round, float* const* inputs) {
  data::denormals(x_of(problem, inputs), round);
  data::logits_of_denormal_weights(W_of(problem, inputs), round, times(problem));
}

// The smallest weights are far below what float32 holds.
void fill_wide_logits(const Problem& problem, std::uint32_t round, float* const* inputs) {
  Fills::randn(problem, round, inputs);
  data::uniform(W_of(problem, inputs), round, -100.0f, 100.0f);
}

void fill_spread(const Problem& problem, std::uint32_t round, float* const* inputs) {
  data::lognormal(x_of(problem, inputs), round);
  data::uniform(W_of(problem, inputs), round + 1, -100.0f, 100.0f);
}

void fill_logits_of_all_sizes(const Problem& problem, std::uint32_t round, float* const* inputs) {
  constexpr float sizes[] = {1e30f, -1e30f, 1e-30f, -1e-30f, 0.0f, 1.0f, -80.0f};
  Fills::randn(problem, round, inputs);
  std::mt19937 engine(round);
  // In every other row nothing outweighs all others.
  each_row(problem, inputs, [&](std::int64_t t, std::span<float> logits) {
    for (float& logit : logits) logit = sizes[t % 2 + engine() % (std::size(sizes) - 1)];
  });
}

// What must not be looked at is larger than all that counts.
void fill_largest_above(const Problem& problem, std::uint32_t round, float* const* inputs) {
  Fills::randn(problem, round, inputs);
  std::vector<float> kept(W_of(problem, inputs).begin(), W_of(problem, inputs).end());
  std::ranges::fill(W_of(problem, inputs), 1e5f);
  each_row(problem, inputs, [&](std::int64_t t, std::span<float> logits) {
    std::copy_n(kept.begin() + t * times(problem), t + 1, logits.begin());
  });
}

/// Logits that are the same all over a row, of any size; another number above the diagonal.
void fill_W_constant_rows(const Problem& problem, std::uint32_t round, float* const* inputs) {
  constexpr float sizes[] = {0.0f, 1.5f, -20.0f, 100.0f, -1e30f, 1e30f, 1e-30f};
  std::ranges::fill(W_of(problem, inputs), 0.5f);
  each_row(problem, inputs, [&](std::int64_t t, std::span<float> logits) {
    std::ranges::fill(logits, sizes[(t + round) % std::size(sizes)]);
  });
}

// Impulses under equal weights: every method must give exactly fl(2^k / (t + 1)), as the mean does.

void fill_impulses(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  fill_W_constant_rows(problem, round, inputs);
  data::impulses(inputs[1], round, B, T, C);
}

// The same for sparse numbers. The weights are exactly 1 before the division, and so is their sum.
void fill_sparse(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  fill_W_constant_rows(problem, round, inputs);
  data::sparse(inputs[1], round, B, T, C);
}

double sparse_roundings(const Problem& problem, std::int64_t row) {
  return sparse_additions(problem, row) + 3;
}

// Few logits that count: a handful of places in each row, its diagonal among them; all others are -infinity.
// So few weights leave so few roundings that the bound sees each of them, in a sequence of any length.

constexpr int most_places = 8;

void fill_sparse_logits(const Problem& problem, std::uint32_t round, float* const* inputs) {
  Fills::randn(problem, round, inputs);
  std::mt19937 engine(round);
  std::normal_distribution<float> normal;
  each_row(problem, inputs, [&](std::int64_t t, std::span<float> logits) {
    std::ranges::fill(logits, -infinity);
    logits[t] = normal(engine);
    for (int place = 1; place < most_places; ++place) logits[engine() % logits.size()] = normal(engine);
  });
  data::uniform(x_of(problem, inputs), round, 1.0f, 2.0f);
}

int sparse_logits_rounds(const Problem&) { return 2; }

double sparse_logits_roundings(const Problem&, std::int64_t) { return roundings(most_places); }

// Two logits that count in each row, close together, under x of one size and both signs: where the signs
// differ, y moves by half of what the exponential of the smaller one errs, which only 15 roundings excuse.

void fill_pairs_of_logits(const Problem& problem, std::uint32_t round, float* const* inputs) {
  Fills::randn(problem, round, inputs);
  std::mt19937 engine(round);
  std::uniform_real_distribution<float> distance(0.0f, 0.5f);
  each_row(problem, inputs, [&](std::int64_t, std::span<float> logits) {
    std::ranges::fill(logits, -infinity);
    logits[engine() % logits.size()] = 0;
    logits[engine() % logits.size()] = -distance(engine);
  });
  for (float& value : x_of(problem, inputs)) value = std::copysign(1.0f, value);
}

int pairs_of_logits_rounds(const Problem&) { return 2; }

double pairs_of_logits_roundings(const Problem&, std::int64_t) { return roundings(2); }

// A power of two of places with equal logits, anywhere in each row, -infinity elsewhere: the weights are
// exactly 2^-p and 0.

void fill_W_of_halves(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_W_constant_rows(problem, round, inputs);
  std::mt19937 engine(round);
  each_row(problem, inputs, [&](std::int64_t t, std::span<float> logits) {
    const float logit = logits[0];
    const auto size = static_cast<std::uint64_t>(t + 1);
    const std::uint64_t count = std::uint64_t{1} << (engine() % std::bit_width(size));
    const std::uint64_t step = size / count;
    const std::uint64_t first = engine() % (size - (count - 1) * step);
    std::ranges::fill(logits, -infinity);
    for (std::uint64_t place = 0; place < count; ++place) logits[first + place * step] = logit;
  });
}

void fill_impulses_of_halves(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  fill_W_of_halves(problem, round, inputs);
  data::impulses(inputs[1], round, B, T, C);
}

// Whole numbers, whose sums are exact in any order: the mean of a power of two of them is exact too.
void fill_integers(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto largest = std::max<std::int64_t>(most_counted / times(problem), 1);
  fill_W_of_halves(problem, round, inputs);
  data::whole_numbers(x_of(problem, inputs), round, static_cast<int>(largest));
}

// NaN, infinities, and both infinities in one sum (which is NaN), among ordinary numbers; in x, then in the
// logits, above the diagonal too. Some rows of logits are -infinity all over, the first among them at times.
void fill_non_finite(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  Fills::randn(problem, round, inputs);
  if (round % 2 == 0)
    return data::scatter_non_finite(x_of(problem, inputs), round, std::max<std::int64_t>(B * C / 2, 1));
  data::scatter_non_finite(W_of(problem, inputs), round, std::max<std::int64_t>(T / 2, 1));
  each_row(problem, inputs, [round](std::int64_t t, std::span<float> logits) {
    if (t % 11 == round / 2) std::ranges::fill(logits, -infinity);
    if (t % 11 == 5) std::fill_n(logits.begin(), logits.size() - 1, -infinity);
  });
}

int non_finite_rounds(const Problem&) { return 6; }

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = Fills::randn, .data = "normal"},
    {.name = "constant 0.1", .check = Check::hard, .fill = Fills::tenth},
    {.name = "constant 1/3", .check = Check::hard, .fill = Fills::third},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = Fills::positive, .data = "positive"},
    {.name = "lognormal", .check = Check::hard, .fill = fill_lognormal},
    {.name = "cancelling pairs", .check = Check::hard, .fill = Fills::cancelling},
    {.name = "denormals", .check = Check::hard, .fill = Fills::denormal_right},
    {.name = "denormals, logits of 0 and -86.9",
     .check = Check::hard,
     .fill = fill_denormal_weights,
     .data = "denormal"},
    {.name = "huge", .check = Check::hard, .fill = Fills::huge, .rounds = Fills::one_round_for_each_input},
    {.name = "logits on [-100, 100)", .check = Check::hard, .fill = fill_wide_logits},
    {.name = "lognormal, logits on [-100, 100)", .check = Check::hard, .fill = fill_spread, .data = "spread"},
    {.name = "logits of all sizes", .check = Check::hard, .fill = fill_logits_of_all_sizes},
    {.name = "largest logit above the diagonal", .check = Check::hard, .fill = fill_largest_above},
    {.name = "impulses",
     .check = Check::impulses,
     .fill = fill_impulses,
     .rounds = impulse_rounds,
     .exact = data::every_row},
    {.name = "impulses under a power of two of weights",
     .check = Check::impulses,
     .fill = fill_impulses_of_halves,
     .rounds = impulse_rounds,
     .exact = data::every_row},
    {.name = "sparse numbers",
     .check = Check::impulses,
     .fill = fill_sparse,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    {.name = "sparse logits",
     .check = Check::impulses,
     .fill = fill_sparse_logits,
     .rounds = sparse_logits_rounds,
     .roundings = sparse_logits_roundings},
    {.name = "two logits",
     .check = Check::impulses,
     .fill = fill_pairs_of_logits,
     .rounds = pairs_of_logits_rounds,
     .roundings = pairs_of_logits_roundings},
    {.name = "whole numbers", .check = Check::integers, .fill = fill_integers, .exact = data::every_row},
    {.name = "NaN and infinities",
     .check = Check::non_finite,
     .fill = fill_non_finite,
     .rounds = non_finite_rounds},
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
