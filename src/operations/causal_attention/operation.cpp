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
#include "operations/attention_fills.hpp"
#include "operations/reference_attention.hpp"
#include "operations/triangle.hpp"

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

void fill(const Problem& problem, std::uint32_t round, float* const* inputs, attention::Data data) {
  data(inputs_of(problem, inputs), round);
}

constexpr const char* axes[] = {"B", "H", "T", "D"};

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
    .fills = attention::Fills<fill, terms>::table,
    .time_of_row = time_of_row,
    .change_future = change_future,
    .times = times,
};

}  // namespace trilbench::causal_attention
