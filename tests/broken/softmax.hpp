// A right softmax of a row, in parts, for kernels that get one of them wrong.
#pragma once

#include <cmath>

#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {

inline float largest_of(const float* logits, std::int64_t count) {
  float largest = logits[0];
  for (std::int64_t k = 1; k < count; ++k)
    if (logits[k] > largest) largest = logits[k];
  return largest;
}

/// p[k] = e^(logits[k] - m); returns their sum.
inline float exponentials(const float* logits, float* p, std::int64_t count, float m) {
  float sum = 0;
  for (std::int64_t k = 0; k < count; ++k) sum += p[k] = std::exp(logits[k] - m);
  return sum;
}

inline void divide(float* p, std::int64_t count, float sum) {
  for (std::int64_t k = 0; k < count; ++k) p[k] /= sum;
}

inline void clear(float* p, std::int64_t begin, std::int64_t end) {
  for (std::int64_t k = begin; k < end; ++k) p[k] = 0;
}

inline void right_softmax(const float* logits, float* p, std::int64_t count) {
  divide(p, count, exponentials(logits, p, count, largest_of(logits, count)));
}

/// Calls row(logits, p, t, T) for each.
template <class Row>
void each_row(const Problem& problem, const float* W, float* P, const Row& row) {
  const std::int64_t T = problem.sizes[0];
  for (std::int64_t t = 0; t < T; ++t) row(W + t * T, P + t * T, t, T);
}

template <auto run, auto scratch_bytes = nullptr, auto prepare = nullptr>
constexpr Implementation wrong{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = flops_of_exponential + 4},
    .one_thread = true,
    .kernel = kernel_of_functions<run, scratch_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
