// What operations on weights or logits W[T, T] and sequences x[B, T, C] say alike. W is dense: what lies
// above its diagonal is there, and is no input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "operations/sequence_operation.hpp"
#include "operations/sums_of_products.hpp"
#include "suite/shape.hpp"

namespace trilbench::weighted_sequence {

using namespace sequence;

inline std::int64_t elements(const Problem& problem, int input) {
  return input == 0 ? saturated_product(times(problem), times(problem)) : elements_of_x(problem);
}

/// W's lower triangle and x read once, y written once.
inline Traffic traffic(const Problem& problem) {
  return {{{Movement::read_triangle, 0, times(problem)}, {Movement::copy, 1, elements_of_x(problem)}}};
}

inline std::span<float> W_of(const Problem& problem, float* const* inputs) {
  return {inputs[0], static_cast<std::size_t>(elements(problem, 0))};
}

inline std::span<float> x_of(const Problem& problem, float* const* inputs) {
  return {inputs[1], static_cast<std::size_t>(elements(problem, 1))};
}

inline Factors factors_of(const Problem& problem, float* const* inputs) {
  return {W_of(problem, inputs), x_of(problem, inputs), times(problem), columns(problem)};
}

using Fills = ProductFills<factors_of>;

/// NaN, infinities, and both infinities in one sum (which is NaN), among ordinary numbers; in x, then in W,
/// above its diagonal too.
inline void fill_non_finite(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = SequenceAxes(problem);
  const bool in_x = round % 2 == 0;
  Fills::randn(problem, round, inputs);
  data::scatter_non_finite(in_x ? x_of(problem, inputs) : W_of(problem, inputs), round,
                           std::max<std::int64_t>((in_x ? B * C : T) / 2, 1));
}

inline void change_future(const Problem& problem, std::int64_t time, float value, float* const* inputs) {
  change_rows_after(time, value, W_of(problem, inputs));
  change_x_after(problem, time, value, inputs[1]);
}

}  // namespace trilbench::weighted_sequence
