// What the wrong kernels share: the right way, so that each is wrong in one place only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {

inline std::int64_t elements(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return B * T * C;
}

/// Calls column(x, y) for the first element of each column; its next one lies C further.
template <class Column>
void each_column(const Problem& problem, const float* x, float* y, const Column& column) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b)
    for (std::int64_t c = 0; c < C; ++c) column(x + b * T * C + c, y + b * T * C + c);
}

/// The right means of rows [first, end) of a column whose earlier rows have the given sum. Returns the sum of
/// all.
inline float mean_of_rows(const float* x, float* y, std::int64_t C, std::int64_t first, std::int64_t end,
                          float sum) {
  for (std::int64_t t = first; t < end; ++t) {
    sum += x[t * C];
    y[t * C] = sum / static_cast<float>(t + 1);
  }
  return sum;
}

inline void right_means(const Problem& problem, const float* x, float* y) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, x, y,
              [T = T, C = C](const float* from, float* to) { mean_of_rows(from, to, C, 0, T, 0.0f); });
}

template <auto run, auto scratch_bytes = nullptr, auto prepare = nullptr>
constexpr Implementation wrong{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_output = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run, scratch_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
