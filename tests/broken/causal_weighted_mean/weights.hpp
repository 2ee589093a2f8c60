// What the wrong kernels share: the right way, so that each is wrong in one place only.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

/// The weights of the whole triangle: [T, T].
inline std::size_t triangle_bytes(const Problem& problem) {
  const std::int64_t T = SequenceAxes(problem).T;
  return static_cast<std::size_t>(T * T) * sizeof(float);
}

inline float largest_of(const float* logits, std::int64_t count) {
  float largest = logits[0];
  for (std::int64_t k = 1; k < count; ++k)
    if (!(logits[k] <= largest)) largest = logits[k];
  return largest;
}

/// Returns the sum of the weights.
inline float exponentials(const float* logits, float* weights, std::int64_t count, float largest) {
  float sum = 0;
  for (std::int64_t k = 0; k < count; ++k) sum += weights[k] = std::exp(logits[k] - largest);
  return sum;
}

inline void divide(float* weights, std::int64_t count, float sum) {
  for (std::int64_t k = 0; k < count; ++k) weights[k] /= sum;
}

/// The right weights of row t.
inline void softmax(const float* logits, float* weights, std::int64_t t) {
  divide(weights, t + 1, exponentials(logits, weights, t + 1, largest_of(logits, t + 1)));
}

/// Calls row(t, logits, weights) for each row, then multiplies the weights it made with x.
template <class Row>
void with_weights(const Problem& problem, const float* const* inputs, float* y, float* weights,
                  const Row& row) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t t = 0; t < T; ++t) {
    row(t, inputs[0] + t * T, weights + t * T);
    for (std::int64_t b = 0; b < B; ++b)
      for (std::int64_t c = 0; c < C; ++c) {
        float sum = 0;
        for (std::int64_t k = 0; k <= t; ++k) sum += weights[t * T + k] * inputs[1][(b * T + k) * C + c];
        y[(b * T + t) * C + c] = sum;
      }
  }
}

template <auto run, auto scratch_bytes = triangle_bytes, auto prepare = nullptr>
constexpr Implementation wrong{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .one_thread = true,
    .kernel = kernel_of_functions<run, scratch_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
