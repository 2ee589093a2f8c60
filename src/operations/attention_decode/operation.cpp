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
#include <limits>
#include <span>

#include "operations/attention_decode/cache.hpp"
#include "operations/attention_fills.hpp"
#include "operations/reference_attention.hpp"
#include "operations/triangle.hpp"

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

// As many bytes as count, from the beginning of all caches: the probe does not skip the room behind each.
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

/// What attention is verified on, and NaN in the room behind it.
void fill(const Problem& problem, std::uint32_t round, float* const* inputs, attention::Data data) {
  const Axes axes(problem);
  const std::int64_t used = axes.T * axes.D, all = axes.capacity() * axes.D;
  const auto cached = static_cast<std::size_t>(axes.caches() * used);
  data({{inputs[0], static_cast<std::size_t>(elements(problem, 0))},
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

constexpr const char* axes[] = {"B", "H", "T", "D"};

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
    .fills = attention::Fills<fill, terms>::table,
    .time_of_row = time_of_row,
    .change_future = change_future,
    .times = times,
};

}  // namespace trilbench::attention_decode
