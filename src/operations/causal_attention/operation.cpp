// causal_attention: every query of a sequence sees the mean of the values of its past, weighted by the
// softmax of its scaled products with the keys. As in the notebooks, and in every decoder.
//
//   y[b, h, t] = P[t, 0] v[b, g, 0] + ... + P[t, t] v[b, g, t],   P[t] = softmax(s[t, 0..t])
//   s[t, j] = (q[b, h, t] . k[b, g, j]) / sqrt(D),   g = h / (H / H_kv)
//
// This file says what is right; docs/numerics.md derives the bound. A row of the output is one (b, h, t).
// Among finite logits -infinity has weight 0; NaN, +infinity, or nothing but -infinity make all weights NaN.
#include "suite/operation.hpp"

#include <algorithm>
#include <span>

#include "operations/attention.hpp"
#include "operations/attention_data.hpp"
#include "operations/reference_attention.hpp"
#include "operations/sums_of_products.hpp"
#include "operations/triangle.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::causal_attention {
namespace {

using Axes = AttentionAxes;

std::int64_t times(const Problem& problem) { return Axes(problem).T; }

std::int64_t columns(const Problem& problem) { return Axes(problem).D; }

std::int64_t rows(const Problem& problem) {
  const Axes axes(problem);
  return axes.B * axes.H * axes.T;
}

std::int64_t elements(const Problem& problem, int input) {
  const Axes axes(problem);
  return axes.B * (input == 0 ? axes.H : axes.H_kv) * axes.T * axes.D;
}

const char* refuses(const Problem& problem) { return refuses_uncountable(times(problem)); }

std::int64_t time_of_row(const Problem& problem, std::int64_t row) { return row % times(problem); }

std::int64_t terms(const Problem& problem, std::int64_t row) { return time_of_row(problem, row) + 1; }

// Each weight comes from D products and goes into D.
Counts counts(const Problem& problem) {
  const Axes axes(problem);
  const double weights = static_cast<double>(axes.B * axes.H) * triangle_elements(axes.T);
  return {.terms = weights * static_cast<double>(axes.D),
          .outputs = static_cast<double>(rows(problem) * axes.D),
          .weights = weights};
}

void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const Axes axes(problem);
  for (const std::int64_t row : wanted) {
    const std::int64_t past = axes.kv_head(row / axes.T) * axes.T * axes.D;
    reference_attention(inputs[0] + row * axes.D, inputs[1] + past, inputs[2] + past, terms(problem, row),
                        axes.D, value, magnitude);
    value += axes.D;
    magnitude += axes.D;
  }
}

double underflow(const Problem& problem, std::int64_t row) {
  return attention_underflow(terms(problem, row));
}

Traffic traffic(const Problem& problem) {
  return {{{Movement::read, 1, elements(problem, 1)},
           {Movement::read, 2, elements(problem, 2)},
           {Movement::copy, 0, elements(problem, 0)}}};
}

attention::Inputs inputs_of(const Problem& problem, float* const* inputs) {
  const auto input = [&](int i) {
    return std::span(inputs[i], static_cast<std::size_t>(elements(problem, i)));
  };
  const Axes axes(problem);
  return {input(0), input(1), input(2), axes.B * axes.H_kv, axes.T, axes.D};
}

void change_future(const Problem& problem, std::int64_t time, float value, float* const* inputs) {
  const attention::Inputs all = inputs_of(problem, inputs);
  for (const std::span<float> input : {all.q, all.k, all.v})
    for (auto head = input.begin(); head != input.end(); head += all.T * all.D)
      std::fill(head + (time + 1) * all.D, head + all.T * all.D, value);
}

// Fills

template <void (*fill)(const attention::Inputs&, std::uint32_t round)>
void filled(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill(inputs_of(problem, inputs), round);
}

int impulse_rounds(const Problem& problem) {
  const Axes axes(problem);
  return data::impulse_rounds(axes.T, axes.B * axes.H_kv * axes.D);
}

int sparse_rounds(const Problem& problem) { return data::sparse_rounds(times(problem)); }

// Under equal logits every exponential is 1, and their sum is exact.
double sparse_roundings(const Problem& problem, std::int64_t row) {
  return static_cast<double>(time_of_row(problem, row) / data::sparse_stride(times(problem))) + 3;
}

// A logit of at most 1/2 sees three roundings, its distance from another one three; each counts twice.
double roundings_of_few(const Problem&, std::int64_t) {
  return attention_roundings(attention::most_that_count) + 2 * (3 * 0.5 + 3);
}

bool divides_by_power_of_two(const Problem& problem, std::int64_t row) {
  const std::int64_t count = terms(problem, row);
  return (count & (count - 1)) == 0;
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
    {.name = "denormal queries, denormal keys",
     .check = Check::hard,
     .fill = filled<attention::denormal_logits>,
     .rounds = rounds<2>},
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
    .name = "causal_attention",
    .formula = "y[b,h,t,d] = sum of softmax(q[b,h,t] . k[b,h,0..t] / sqrt(D))[j] v[b,h,j,d] over j <= t",
    .axes = axes,
    .example = "1x8x1024x64",
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

}  // namespace trilbench::causal_attention
