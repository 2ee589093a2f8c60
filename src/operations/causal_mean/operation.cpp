// causal_mean: every position of a sequence sees the mean of itself and its past.
//
//   y[b, t, c] = (x[b, 0, c] + ... + x[b, t, c]) / (t + 1)
//
// This file says what is right; docs/numerics.md derives the bound. A row of the output is one (b, t).
#include "suite/operation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "operations/sequence_operation.hpp"
#include "operations/sums_of_products.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::causal_mean {
namespace {

using namespace sequence;
using Axes = SequenceAxes;

std::int64_t elements(const Problem& problem, int) { return elements_of_x(problem); }

// Running sums in double. Their own error, T 2^-53 of the sum of magnitudes, is nothing beside float32's
// bound.
void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const auto [B, T, C] = Axes(problem);
  std::vector<double> sum(C), sum_of_magnitudes(C);
  std::int64_t next = 0;  // the first row not summed yet
  for (const std::int64_t row : wanted) {
    const std::int64_t first_of_batch = row - row % T;
    if (next <= first_of_batch) {
      next = first_of_batch;
      std::fill(sum.begin(), sum.end(), 0.0);
      std::fill(sum_of_magnitudes.begin(), sum_of_magnitudes.end(), 0.0);
    }
    for (; next <= row; ++next) {
      const float* x = inputs[0] + next * C;
      for (std::int64_t c = 0; c < C; ++c) {
        sum[c] += x[c];
        sum_of_magnitudes[c] += std::abs(static_cast<double>(x[c]));
      }
    }
    const auto count = static_cast<double>(row % T + 1);
    for (std::int64_t c = 0; c < C; ++c) {
      *value++ = sum[c] / count;
      *magnitude++ = sum_of_magnitudes[c] / count;
    }
  }
}

const char* refuses(const Problem& problem) { return refuses_uncountable(times(problem)); }

// Additions, a rounded weight and a product; one more for a method that rounds the weight twice.
double roundings(double terms) { return terms + 2; }

Traffic traffic(const Problem& problem) { return {{{Movement::copy, 0, elements_of_x(problem)}}}; }

// Fills

std::span<float> x_of(const Problem& problem, float* const* inputs) {
  return {inputs[0], static_cast<std::size_t>(elements_of_x(problem))};
}

/// Means are sums of products whose other factor is 1.
Factors factors_of(const Problem& problem, float* const* inputs) {
  return {{}, x_of(problem, inputs), times(problem), columns(problem)};
}

using Fills = ProductFills<factors_of>;

double sparse_roundings(const Problem& problem, std::int64_t row) {
  return sparse_additions(problem, row) + 3;
}

// Of whole numbers the mean is exact in the rows that divide by a power of two (elsewhere methods may round
// 1/n or the quotient, and rightly differ).

bool divides_by_power_of_two(const Problem& problem, std::int64_t row) {
  const std::int64_t count = time_of_row(problem, row) + 1;
  return (count & (count - 1)) == 0;
}

// NaN, infinities, and both infinities in one column (whose sum is NaN), among ordinary numbers.
void fill_non_finite(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  Fills::randn(problem, round, inputs);
  data::scatter_non_finite(x_of(problem, inputs), round, std::max<std::int64_t>(B * C / 2, 1));
}

void change_future(const Problem& problem, std::int64_t time, float value, float* const* inputs) {
  change_x_after(problem, time, value, inputs[0]);
}

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = Fills::randn, .data = "normal"},
    {.name = "constant 0.1", .check = Check::hard, .fill = Fills::tenth},
    {.name = "constant 1/3", .check = Check::hard, .fill = Fills::third},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = Fills::positive, .data = "positive"},
    {.name = "lognormal", .check = Check::hard, .fill = Fills::lognormal, .data = "spread"},
    {.name = "cancelling pairs", .check = Check::hard, .fill = Fills::cancelling},
    {.name = "denormals", .check = Check::hard, .fill = Fills::denormal_right, .data = "denormal"},
    {.name = "huge", .check = Check::hard, .fill = Fills::huge},
    // Every method must give exactly fl(2^k / (t + 1)).
    exact({.name = "impulses",
           .check = Check::impulses,
           .fill = Fills::filled<none, impulses>,
           .rounds = impulse_rounds}),
    {.name = "sparse numbers",
     .check = Check::impulses,
     .fill = Fills::filled<none, sparse>,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    {.name = "whole numbers",
     .check = Check::integers,
     .fill = Fills::integers,
     .exact = divides_by_power_of_two},
    {.name = "NaN and infinities", .check = Check::non_finite, .fill = fill_non_finite, .rounds = rounds<3>},
};

}  // namespace

extern const Operation operation = {
    .name = "causal_mean",
    .formula = "y[b,t,c] = mean(x[b,0..t,c])",
    .axes = axes,
    .example = "8x1024x64",
    .refuses = refuses,
    .inputs = 1,
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

}  // namespace trilbench::causal_mean
