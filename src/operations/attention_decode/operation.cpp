// attention_decode: a new query of each head sees the mean of a cache's values, weighted by the softmax of
// its scaled products with the cache's keys; as a decoder does it for every word that it generates.
//
//   y[b, h] = P[0] v[b, g, 0] + ... + P[T - 1] v[b, g, T - 1],   P = softmax(s[0..T-1])
//   s[j] = (q[b, h] . k[b, g, j]) / sqrt(D),   g = h / (H / H_kv)
//
// It is the last row of causal_attention, and right as that is: docs/numerics.md. A row of the output is one
// (b, h). Caches have room behind their T rows; what lies there is the future, and no input.
#include "suite/operation.hpp"

#include <algorithm>
#include <span>

#include "operations/attention_data.hpp"
#include "operations/attention_decode/cache.hpp"
#include "operations/reference_attention.hpp"
#include "operations/sums_of_products.hpp"
#include "operations/triangle.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::attention_decode {
namespace {

using Axes = DecodeAxes;

std::int64_t columns(const Problem& problem) { return Axes(problem).D; }

std::int64_t rows(const Problem& problem) {
  const Axes axes(problem);
  return axes.B * axes.H;
}

std::int64_t elements(const Problem& problem, int input) {
  const Axes axes(problem);
  return (input == 0 ? axes.B * axes.H : axes.caches() * axes.capacity()) * axes.D;
}

const char* refuses(const Problem& problem) { return refuses_uncountable(Axes(problem).T); }

std::int64_t terms(const Problem& problem, std::int64_t) { return Axes(problem).T; }

// Each weight comes from D products and goes into D.
Counts counts(const Problem& problem) {
  const Axes axes(problem);
  const auto weights = static_cast<double>(rows(problem)) * static_cast<double>(axes.T);
  return {.terms = weights * static_cast<double>(axes.D),
          .outputs = static_cast<double>(rows(problem) * axes.D),
          .weights = weights};
}

void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const Axes axes(problem);
  for (const std::int64_t row : wanted) {
    const std::int64_t cache = axes.kv_head(row) * axes.capacity() * axes.D;
    reference_attention(inputs[0] + row * axes.D, inputs[1] + cache, inputs[2] + cache, axes.T, axes.D, value,
                        magnitude);
    value += axes.D;
    magnitude += axes.D;
  }
}

double underflow(const Problem& problem, std::int64_t row) {
  return attention_underflow(terms(problem, row));
}

// Where a cache has room left, the probe moves as many bytes as count, from the beginning of all caches.
Traffic traffic(const Problem& problem) {
  const Axes axes(problem);
  const std::int64_t cached = axes.caches() * axes.T * axes.D;
  return {
      {{Movement::read, 1, cached}, {Movement::read, 2, cached}, {Movement::copy, 0, elements(problem, 0)}}};
}

// The query's time is 0, and what lies behind a cache's rows is time 1.

std::int64_t time_of_row(const Problem&, std::int64_t) { return 0; }
std::int64_t times(const Problem&) { return 2; }

void change_future(const Problem& problem, std::int64_t, float value, float* const* inputs) {
  const Axes axes(problem);
  const std::int64_t used = axes.T * axes.D, all = axes.capacity() * axes.D;
  for (const int input : {1, 2})
    for (std::int64_t cache = 0; cache < axes.caches(); ++cache)
      std::fill(inputs[input] + cache * all + used, inputs[input] + (cache + 1) * all, value);
}

// Fills

/// What attention is verified on, and NaN in the room behind it.
template <void (*fill)(const attention::Inputs&, std::uint32_t round)>
void filled(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const Axes axes(problem);
  const std::int64_t used = axes.T * axes.D, all = axes.capacity() * axes.D;
  const auto cached = static_cast<std::size_t>(axes.caches() * used);
  fill({{inputs[0], static_cast<std::size_t>(elements(problem, 0))},
        {inputs[1], cached},
        {inputs[2], cached},
        axes.caches(),
        axes.T,
        axes.D},
       round);
  for (const int input : {1, 2})
    for (std::int64_t cache = axes.caches() - 1; cache > 0; --cache)
      std::copy_backward(inputs[input] + cache * used, inputs[input] + (cache + 1) * used,
                         inputs[input] + cache * all + used);
  change_future(problem, 0, std::numeric_limits<float>::quiet_NaN(), inputs);
}

int impulse_rounds(const Problem& problem) {
  const Axes axes(problem);
  return data::impulse_rounds(axes.T, axes.caches() * axes.D);
}

int sparse_rounds(const Problem& problem) { return data::sparse_rounds(Axes(problem).T); }

// Under equal logits every exponential is 1, and their sum is exact.
double sparse_roundings(const Problem& problem, std::int64_t) {
  const std::int64_t T = Axes(problem).T;
  return static_cast<double>((T - 1) / data::sparse_stride(T)) + 3;
}

// A logit of at most 1/2 sees three roundings, its distance from another one three; each counts twice.
double roundings_of_few(const Problem&, std::int64_t) {
  return attention_roundings(attention::most_that_count) + 2 * (3 * 0.5 + 3);
}

bool divides_by_power_of_two(const Problem& problem, std::int64_t) {
  const std::int64_t T = Axes(problem).T;
  return (T & (T - 1)) == 0;
}

constexpr const char* axes[] = {"B", "H", "T", "D"};

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = filled<attention::randn>, .data = "normal"},
    {.name = "uniform on [0, 1)",
     .check = Check::hard,
     .fill = filled<attention::alike<from_0_to_1>>,
     .data = "positive"},
    {.name = "constant 1/3", .check = Check::hard, .fill = filled<attention::alike<one_nth<3>>>},
    {.name = "lognormal, logits of both signs up to 100",
     .check = Check::hard,
     .fill = filled<attention::spread>,
     .data = "spread"},
    {.name = "denormals, logits of 0 and -86.9",
     .check = Check::hard,
     .fill = filled<attention::denormal_weights>,
     .data = "denormal"},
    {.name = "huge values", .check = Check::hard, .fill = filled<attention::huge>},
    {.name = "ascending logits", .check = Check::hard, .fill = filled<attention::ascending>},
    {.name = "descending logits", .check = Check::hard, .fill = filled<attention::descending>},
    {.name = "logits near 1e5 and -1e5",
     .check = Check::hard,
     .fill = filled<attention::far>,
     .rounds = rounds<2>},
    {.name = "masked by -1e30", .check = Check::hard, .fill = filled<attention::masked>},
    exact({.name = "impulses under equal logits",
           .check = Check::impulses,
           .fill = filled<attention::mean_of<attention::impulses>>,
           .rounds = impulse_rounds}),
    {.name = "sparse values under equal logits",
     .check = Check::impulses,
     .fill = filled<attention::mean_of<attention::sparse>>,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    exact({.name = "one dominant key",
           .check = Check::impulses,
           .fill = filled<attention::dominant>,
           .rounds = rounds<3>}),
    {.name = "few keys that count",
     .check = Check::impulses,
     .fill = filled<attention::few>,
     .rounds = rounds<2>,
     .roundings = roundings_of_few},
    {.name = "whole numbers under equal logits",
     .check = Check::integers,
     .fill = filled<attention::mean_of<attention::whole_numbers>>,
     .rounds = rounds<2>,
     .exact = divides_by_power_of_two},
    {.name = "NaN and infinities",
     .check = Check::non_finite,
     .fill = filled<attention::non_finite>,
     .rounds = rounds<attention::non_finite_kinds>},
};

}  // namespace

extern const Operation operation = {
    .name = "attention_decode",
    .formula = "y[b,h,d] = sum of softmax(q[b,h] . k[b,h,0..T-1] / sqrt(D))[j] v[b,h,j,d] over the cache",
    .axes = axes,
    .example = "8x8g2x4096x128",
    .grouped_axis = 1,
    .refuses = refuses,
    .inputs = 3,
    .input_elements = elements,
    .rows = rows,
    .columns = columns,
    .reference = reference,
    .counts = counts,
    .terms = terms,
    .roundings = attention_roundings,
    .underflow = underflow,
    .traffic = traffic,
    .fills = fills,
    .time_of_row = time_of_row,
    .change_future = change_future,
    .times = times,
};

}  // namespace trilbench::attention_decode
