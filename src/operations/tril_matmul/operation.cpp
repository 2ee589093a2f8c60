// tril_matmul: every position of a sequence sees its own and its past, each with a given weight.
//
//   y[b, t, c] = W[t, 0] x[b, 0, c] + ... + W[t, t] x[b, t, c]
//
// This file says what is right; docs/numerics.md derives the bound. A row of the output is one (b, t).
// W[T, T] is dense: what lies above its diagonal is there, and is no input.
#include "suite/operation.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <span>

#include "operations/weighted_sequence.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::tril_matmul {
namespace {

using namespace weighted_sequence;
using Axes = SequenceAxes;

void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const auto [B, T, C] = Axes(problem);
  for (const std::int64_t row : wanted) {
    const std::int64_t t = row % T;
    sum_of_products(inputs[0] + t * T, inputs[1] + (row - t) * C, t + 1, C, value, magnitude);
    value += C;
    magnitude += C;
  }
}

// Each term's product, and the additions.
double roundings(double terms) { return terms; }

// Fills

/// Weights on [0.5, 2], hardly any two alike, above the diagonal too. There are many, and tests ask for them
/// often: these take a nanosecond each.
void spread(std::span<float> W, std::uint32_t round) {
  std::uint32_t bits = round;
  for (float& weight : W) {
    bits += 0x9e3779b9u;  // all of 2^32 numbers, neighbours far apart
    weight = 0.5f + static_cast<float>(bits >> 8) * 0x1.8p-24f;
  }
}

// Impulses in W: 2^k at one place of each row, zeros elsewhere up to the diagonal. The places: the diagonal,
// the first column, beside the diagonal, the middle, any.

constexpr int place_kinds = 6;

void impulses_in_W(std::span<float> W, std::uint32_t round) {
  spread(W, round);
  std::mt19937 engine(round);
  each_row(W, [&](std::int64_t t, std::span<float> weights, std::span<float>) {
    const auto any = static_cast<std::int64_t>(engine() % weights.size());
    const std::int64_t places[place_kinds] = {t,     0,   std::max<std::int64_t>(t - 1, 0),
                                              t / 2, any, t - any / 8};
    std::ranges::fill(weights, 0.0f);
    weights[places[round % place_kinds]] = std::ldexp(1.0f, static_cast<int>((t + round) % 21) - 10);
  });
}

double sparse_roundings(const Problem& problem, std::int64_t row) {
  return sparse_additions(problem, row) + 1;
}

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = Fills::randn, .data = "normal"},
    {.name = "constant 0.1", .check = Check::hard, .fill = Fills::tenth},
    {.name = "constant 1/3", .check = Check::hard, .fill = Fills::third},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = Fills::positive, .data = "positive"},
    {.name = "lognormal", .check = Check::hard, .fill = Fills::lognormal, .data = "spread"},
    {.name = "cancelling pairs", .check = Check::hard, .fill = Fills::cancelling},
    {.name = "denormals in x", .check = Check::hard, .fill = Fills::denormal_right, .data = "denormal"},
    {.name = "denormals in W", .check = Check::hard, .fill = Fills::denormal_left},
    {.name = "huge", .check = Check::hard, .fill = Fills::huge, .rounds = rounds<2>},
    // Every method must give exactly W[t, time] 2^k, and 2^k x[place].
    exact({.name = "impulses",
           .check = Check::impulses,
           .fill = Fills::filled<spread, impulses>,
           .rounds = impulse_rounds}),
    exact({.name = "impulses in W",
           .check = Check::impulses,
           .fill = Fills::filled<impulses_in_W, of_one_size>,
           .rounds = rounds<place_kinds>}),
    {.name = "sparse numbers",
     .check = Check::impulses,
     .fill = Fills::filled<spread, sparse>,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    exact({.name = "whole numbers", .check = Check::integers, .fill = Fills::integers}),
    {.name = "NaN and infinities", .check = Check::non_finite, .fill = fill_non_finite, .rounds = rounds<6>},
};

}  // namespace

extern const Operation operation = {
    .name = "tril_matmul",
    .formula = "y[b,t,c] = sum of W[t,k] x[b,k,c] over k <= t",
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
    .underflow = underflow_of_products,
    .traffic = traffic,
    .fills = fills,
    .time_of_row = time_of_row,
    .change_future = change_future,
    .times = times,
};

}  // namespace trilbench::tril_matmul
