// causal_softmax: every position weighs itself and its past by the exponentials of a row of logits.
//
//   P[t, k] = e^W[t, k] / (e^W[t, 0] + ... + e^W[t, t])   for k <= t, and 0 above the diagonal
//
// This file says what is right; docs/numerics.md derives the bound. As in PyTorch, a row with NaN or
// +infinity among its logits, or with nothing but -infinity, is NaN up to the diagonal; -infinity beside
// numbers weighs 0. What lies above the diagonal of W is not read.
#include "suite/operation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "operations/logits.hpp"
#include "operations/reference_softmax.hpp"
#include "operations/sums_of_products.hpp"
#include "operations/triangle.hpp"
#include "suite/shape.hpp"

namespace trilbench::causal_softmax {
namespace {

using namespace logits;

std::int64_t rows(const Problem& problem) { return problem.sizes[0]; }

std::int64_t elements(const Problem& problem, int = 0) {
  return saturated_product(rows(problem), rows(problem));
}

const char* refuses(const Problem& problem) { return refuses_uncountable(rows(problem)); }

std::int64_t terms(const Problem&, std::int64_t row) { return row + 1; }

// An output is a weight; those above the diagonal are no work.
Counts counts(const Problem& problem) {
  const double below = triangle_elements(rows(problem));
  return {.terms = below, .outputs = below, .weights = below};
}

std::int64_t time_of_row(const Problem&, std::int64_t row) { return row; }

void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const std::int64_t T = rows(problem);
  for (const std::int64_t t : wanted) {
    const ReferenceSoftmax P(std::span(inputs[0] + t * T, static_cast<std::size_t>(t + 1)));
    for (std::int64_t k = 0; k <= t; ++k) {
      value[k] = P.weight[k];
      magnitude[k] = P.weight[k] * (1 + P.distance[k] + P.mean_distance);
    }
    std::fill(value + t + 1, value + T, 0.0);
    std::fill(magnitude + t + 1, magnitude + T, 0.0);
    value += T;
    magnitude += T;
  }
}

// Additions, a rounded reciprocal and a product; the exponentials, of the element and in the sum, each within
// two and a half units in the last place, which are five roundings; eight more for sums that are scaled when
// a maximum rises.
double roundings(double terms) { return terms + 19; }

// An exponential below 2^-126 may be taken for 0, whether it is the element's own or in the sum.
double underflow(const Problem&, std::int64_t) { return 2 * smallest_normal; }

Traffic traffic(const Problem& problem) { return {{{Movement::copy_triangle, 0, rows(problem)}}}; }

std::span<float> W_of(const Problem& problem, float* const* inputs) {
  return {inputs[0], static_cast<std::size_t>(elements(problem))};
}

void change_future(const Problem& problem, std::int64_t time, float value, float* const* inputs) {
  change_rows_after(time, value, W_of(problem, inputs));
}

// Fills

template <void (*fill)(std::span<float> W, std::uint32_t round)>
void filled(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill(W_of(problem, inputs), round);
}

// A running maximum changes at every element, or never.

void slope(std::span<float> W, double step) {
  const std::int64_t T = side_of(W);
  for (std::int64_t i = 0; i < T * T; ++i) W[i] = static_cast<float>(step * static_cast<double>(i % T));
}

void ascending(std::span<float> W, std::uint32_t) { slope(W, 0.37); }
void descending(std::span<float> W, std::uint32_t) { slope(W, -0.01); }

void normal_times(std::span<float> W, std::uint32_t round, float size) {
  normal(W, round);
  for (float& logit : W) logit *= size;
}

void huge(std::span<float> W, std::uint32_t round) { normal_times(W, round, 1e30f); }
void tiny(std::span<float> W, std::uint32_t round) { normal_times(W, round, 1e-30f); }

// What stands for "masked" in many programs, beside ordinary logits. The first of each row is one of these.
void masked(std::span<float> W, std::uint32_t round) {
  normal(W, round);
  std::mt19937 engine(round);
  each_row(W, [&](std::int64_t, std::span<float> past, std::span<float>) {
    for (float& logit : past.subspan(1))
      if (engine() % 2) logit = engine() % 2 ? -1e30f : std::numeric_limits<float>::lowest();
  });
}

// Far from zero, with distances that are exact: who does not subtract the maximum overflows or loses all.
void far(std::span<float> W, std::uint32_t round) {
  std::mt19937 engine(round);
  const std::int64_t T = side_of(W);
  for (std::int64_t i = 0; i < T * T; ++i)
    W[i] = (i / T % 2 ? 300.0f : -300.0f) + static_cast<float>(engine() % 256) / 64;
}

// One element of each row outweighs all others: the first of them, the last, or one between.
void one_large(std::span<float> W, std::uint32_t round) {
  normal(W, round);
  std::mt19937 engine(round);
  each_row(W, [&engine](std::int64_t, std::span<float> past, std::span<float>) {
    float* const places[] = {&past.front(), &past.back(), &any_of(past, engine)};
    *places[engine() % std::size(places)] = 30;
  });
}

// Neighbouring rows have other powers, so that a few rounds do for many rows.
int rounds_of_powers(const Problem& problem) { return rows(problem) < 200 ? power_rounds : 3; }

// One exponential at a time: in each row a single logit below the largest, which stands at up to four places;
// minus infinity elsewhere. So few terms leave so few roundings that an exponential that errs by 25 units in
// the last place shows, in whatever loop of a long row it is computed. The largest is 0, so the distance is
// exact: docs/numerics.md derives what remains of the bound.

constexpr int largest_places = 4;

/// How far the logit lies below the largest: from next to nothing to 5, in no two rows alike.
float lone_distance(std::int64_t t) {
  constexpr double golden_ratio = 0.6180339887498949;
  const double at = static_cast<double>(t) * golden_ratio;
  return static_cast<float>(5 * (at - std::floor(at)));
}

void lone(std::span<float> W, std::uint32_t round) {
  std::mt19937_64 engine(round);
  each_row(W, [&engine](std::int64_t t, std::span<float> past, std::span<float> future) {
    std::ranges::fill(past, -infinity);
    std::ranges::fill(future, 1.0f);
    for (int place = 0; place < largest_places; ++place) any_of(past, engine) = 0;
    any_of(past, engine) = -lone_distance(t);
  });
}

double lone_roundings(const Problem&, std::int64_t row) {
  const double distance = lone_distance(row);
  return std::max((20 + largest_places + distance) / (1 + distance), 7.0);
}

// NaN and infinities among ordinary logits, at one or two places of half of the rows; every fourth row holds
// nothing but minus infinity.
void non_finite(std::span<float> W, std::uint32_t round) {
  constexpr float kinds[] = {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity};
  normal(W, round);
  std::mt19937_64 engine(round);
  each_row(W, [&](std::int64_t t, std::span<float> past, std::span<float> future) {
    std::ranges::fill(future, kinds[engine() % 2]);
    switch ((static_cast<std::uint32_t>(t) + round) % 4) {
      case 0:
        std::ranges::fill(past, -infinity);
        break;
      case 1:
      case 2:
        for (int i = 0; i < 2; ++i) any_of(past, engine) = kinds[engine() % std::size(kinds)];
        break;
      default:
        any_of(past, engine) = -infinity;
    }
  });
}

constexpr const char* axes[] = {"T"};

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = filled<normal>, .data = "normal"},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = filled<from_0_to_1>, .data = "positive"},
    {.name = "ascending", .check = Check::hard, .fill = filled<ascending>},
    {.name = "descending", .check = Check::hard, .fill = filled<descending>},
    {.name = "uniform on [-100, 100)", .check = Check::hard, .fill = filled<wide>, .data = "spread"},
    {.name = "0 and -86.9", .check = Check::hard, .fill = filled<of_denormal_weights>, .data = "denormal"},
    {.name = "of size 1e30", .check = Check::hard, .fill = filled<huge>},
    {.name = "of size 1e-30", .check = Check::hard, .fill = filled<tiny>},
    {.name = "masked by -1e30", .check = Check::hard, .fill = filled<masked>},
    {.name = "large above the diagonal", .check = Check::hard, .fill = filled<loud_future>},
    {.name = "far from zero", .check = Check::hard, .fill = filled<far>},
    {.name = "one large logit", .check = Check::hard, .fill = filled<one_large>},
    exact({.name = "powers of two",
           .check = Check::impulses,
           .fill = filled<powers>,
           .rounds = rounds_of_powers}),
    {.name = "one logit below the largest",
     .check = Check::impulses,
     .fill = filled<lone>,
     .rounds = rounds<2>,
     .roundings = lone_roundings},
    exact({.name = "equal logits",
           .check = Check::integers,
           .fill = filled<equal_in_rows>,
           .rounds = rounds<4>}),
    {.name = "NaN and infinities",
     .check = Check::non_finite,
     .fill = filled<non_finite>,
     .rounds = rounds<4>},
};

}  // namespace

extern const Operation operation = {
    .name = "causal_softmax",
    .formula = "P[t,k] = softmax(W[t,0..t])[k], 0 above the diagonal",
    .axes = axes,
    .example = "1024",
    .refuses = refuses,
    .inputs = 1,
    .input_elements = elements,
    .rows = rows,
    .columns = rows,
    .reference = reference,
    .counts = counts,
    .terms = terms,
    .roundings = roundings,
    .underflow = underflow,
    .traffic = traffic,
    .fills = fills,
    .time_of_row = time_of_row,
    .change_future = change_future,
    .times = rows,
};

}  // namespace trilbench::causal_softmax
