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
#include <vector>

#include "operations/reference_softmax.hpp"
#include "operations/triangle.hpp"
#include "suite/element.hpp"
#include "suite/random.hpp"
#include "suite/shape.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::causal_softmax {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

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
    const ReferenceSoftmax P({inputs[0] + t * T, static_cast<std::size_t>(t + 1)});
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

void change_future(const Problem& problem, std::int64_t time, float value, float* const* inputs) {
  const std::int64_t T = rows(problem);
  for (std::int64_t t = 0; t < T; ++t) {
    float* const row = inputs[0] + t * T;
    std::fill(t > time ? row : row + t + 1, row + T, value);
  }
}

// The fills. They write above the diagonal too: nothing there may matter.

std::span<float> all_of_W(const Problem& problem, float* const* inputs) {
  return {inputs[0], static_cast<std::size_t>(elements(problem))};
}

void fill_randn(const Problem& problem, std::uint32_t round, float* const* inputs) {
  TorchGenerator(round).randn(all_of_W(problem, inputs));
}

/// Calls logit(t, k) for every element.
template <class Logit>
void fill_by_place(const Problem& problem, float* const* inputs, const Logit& logit) {
  const std::int64_t T = rows(problem);
  for (std::int64_t t = 0; t < T; ++t)
    for (std::int64_t k = 0; k < T; ++k) inputs[0][t * T + k] = static_cast<float>(logit(t, k));
}

// A running maximum changes at every element, or never.
void fill_ascending(const Problem& problem, std::uint32_t, float* const* inputs) {
  fill_by_place(problem, inputs, [](std::int64_t, std::int64_t k) { return 0.37 * static_cast<double>(k); });
}

void fill_descending(const Problem& problem, std::uint32_t, float* const* inputs) {
  fill_by_place(problem, inputs, [](std::int64_t, std::int64_t k) { return -0.01 * static_cast<double>(k); });
}

void fill_positive(const Problem& problem, std::uint32_t round, float* const* inputs) {
  data::uniform(all_of_W(problem, inputs), round, 0, 1);
}

void fill_denormal_weights(const Problem& problem, std::uint32_t round, float* const* inputs) {
  data::logits_of_denormal_weights(all_of_W(problem, inputs), round, rows(problem));
}

// Every distance up to where exponentials vanish, and beyond.
void fill_wide(const Problem& problem, std::uint32_t round, float* const* inputs) {
  data::uniform(all_of_W(problem, inputs), round, -100, 100);
}

void fill_huge(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_randn(problem, round, inputs);
  for (float& logit : all_of_W(problem, inputs)) logit *= 1e30f;
}

void fill_tiny(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_randn(problem, round, inputs);
  for (float& logit : all_of_W(problem, inputs)) logit *= 1e-30f;
}

// What stands for "masked" in many programs, beside ordinary logits. The first of each row is one of these.
void fill_masked(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_randn(problem, round, inputs);
  std::mt19937 engine(round);
  const std::int64_t T = rows(problem);
  for (std::int64_t i = 0; i < T * T; ++i)
    if (i % T != 0 && engine() % 2)
      inputs[0][i] = engine() % 2 ? -1e30f : std::numeric_limits<float>::lowest();
}

// Who takes the maximum over the whole row loses all its exponentials, and who exponentiates it overflows.
void fill_loud_future(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_randn(problem, round, inputs);
  const std::int64_t T = rows(problem);
  for (std::int64_t t = 0; t < T; ++t) std::fill(inputs[0] + t * T + t + 1, inputs[0] + (t + 1) * T, 1e4f);
}

// Far from zero, with distances that are exact: who does not subtract the maximum overflows or loses all.
void fill_far(const Problem& problem, std::uint32_t round, float* const* inputs) {
  std::mt19937 engine(round);
  fill_by_place(problem, inputs, [&engine](std::int64_t t, std::int64_t) {
    return (t % 2 ? 300.0 : -300.0) + static_cast<double>(engine() % 256) / 64;
  });
}

// One element of each row outweighs all others: the first of them, the last, or one between.
void fill_one_large(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_randn(problem, round, inputs);
  const std::int64_t T = rows(problem);
  std::mt19937 engine(round);
  for (std::int64_t t = 0; t < T; ++t) {
    const std::int64_t places[] = {0, t,
                                   static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(t + 1))};
    inputs[0][t * T + places[engine() % 3]] = 30;
  }
}

// Weights that are known exactly: one logit, whatever it is, at a power-of-two number of places, minus
// infinity elsewhere. Each weighs that power's inverse, the others 0, and every method must say so bit for
// bit. The rounds go through numbers of places, and random places visit all.

constexpr int power_rounds_most = 12;

// Neighbouring rows have other numbers of places, so that a few rounds do for many rows.
int power_rounds(const Problem& problem) { return rows(problem) < 200 ? power_rounds_most : 3; }

void fill_powers(const Problem& problem, std::uint32_t round, float* const* inputs) {
  constexpr float logits[] = {0.0f, 1e30f, -0.1f, -1e30f, 87.0f};
  const std::int64_t T = rows(problem);
  std::mt19937_64 engine(round);
  std::vector<std::int64_t> places;
  for (std::int64_t t = 0; t < T; ++t) {
    float* const row = inputs[0] + t * T;
    std::fill_n(row, t + 1, -infinity);
    std::fill(row + t + 1, row + T, 1.0f);
    // Any places, but distinct: one drawn in each of equal pieces.
    std::int64_t count = 1;
    for (std::uint32_t doubled = (round + static_cast<std::uint32_t>(t)) % power_rounds_most;
         doubled > 0 && 2 * count <= t + 1; --doubled)
      count *= 2;
    const std::int64_t piece = (t + 1) / count;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t end = i + 1 == count ? t + 1 : (i + 1) * piece;
      row[i * piece + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(end - i * piece))] =
          logits[t % 5];
    }
  }
}

// Equal logits: their exponentials add up exactly, so the weights are the rounded 1 / (t + 1).

constexpr float equal_logits[] = {0.0f, 1e30f, -1e30f, 0.1f};

int equal_rounds(const Problem&) { return 4; }

void fill_equal(const Problem& problem, std::uint32_t round, float* const* inputs) {
  std::ranges::fill(all_of_W(problem, inputs), equal_logits[round % 4]);
}

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

void fill_lone(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const std::int64_t T = rows(problem);
  std::mt19937_64 engine(round);
  for (std::int64_t t = 0; t < T; ++t) {
    float* const row = inputs[0] + t * T;
    const auto any = [&] { return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(t + 1)); };
    std::fill_n(row, t + 1, -infinity);
    std::fill(row + t + 1, row + T, 1.0f);
    for (int place = 0; place < largest_places; ++place) row[any()] = 0;
    row[any()] = -lone_distance(t);
  }
}

int lone_rounds(const Problem&) { return 2; }

double lone_roundings(const Problem&, std::int64_t row) {
  const double distance = lone_distance(row);
  return std::max((20 + largest_places + distance) / (1 + distance), 7.0);
}

// NaN and infinities among ordinary logits, at one or two places of every third row; every third row holds
// nothing but minus infinity.

int non_finite_rounds(const Problem&) { return 4; }

void fill_non_finite(const Problem& problem, std::uint32_t round, float* const* inputs) {
  constexpr float kinds[] = {nan, infinity, -infinity};
  fill_randn(problem, round, inputs);
  const std::int64_t T = rows(problem);
  std::mt19937_64 engine(round);
  for (std::int64_t t = 0; t < T; ++t) {
    float* const row = inputs[0] + t * T;
    std::fill(row + t + 1, row + T, kinds[engine() % 2]);
    switch ((static_cast<std::uint32_t>(t) + round) % 4) {
      case 0:
        std::fill_n(row, t + 1, -infinity);
        break;
      case 1:
      case 2:
        for (int i = 0; i < 2; ++i) row[engine() % static_cast<std::uint64_t>(t + 1)] = kinds[engine() % 3];
        break;
      default:
        row[engine() % static_cast<std::uint64_t>(t + 1)] = -infinity;
    }
  }
}

constexpr const char* axes[] = {"T"};

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = fill_randn, .data = "normal"},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = fill_positive, .data = "positive"},
    {.name = "ascending", .check = Check::hard, .fill = fill_ascending},
    {.name = "descending", .check = Check::hard, .fill = fill_descending},
    {.name = "uniform on [-100, 100)", .check = Check::hard, .fill = fill_wide, .data = "spread"},
    {.name = "0 and -86.9", .check = Check::hard, .fill = fill_denormal_weights, .data = "denormal"},
    {.name = "of size 1e30", .check = Check::hard, .fill = fill_huge},
    {.name = "of size 1e-30", .check = Check::hard, .fill = fill_tiny},
    {.name = "masked by -1e30", .check = Check::hard, .fill = fill_masked},
    {.name = "large above the diagonal", .check = Check::hard, .fill = fill_loud_future},
    {.name = "far from zero", .check = Check::hard, .fill = fill_far},
    {.name = "one large logit", .check = Check::hard, .fill = fill_one_large},
    {.name = "powers of two",
     .check = Check::impulses,
     .fill = fill_powers,
     .rounds = power_rounds,
     .exact = data::every_row},
    {.name = "one logit below the largest",
     .check = Check::impulses,
     .fill = fill_lone,
     .rounds = lone_rounds,
     .roundings = lone_roundings},
    {.name = "equal logits",
     .check = Check::integers,
     .fill = fill_equal,
     .rounds = equal_rounds,
     .exact = data::every_row},
    {.name = "NaN and infinities",
     .check = Check::non_finite,
     .fill = fill_non_finite,
     .rounds = non_finite_rounds},
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
