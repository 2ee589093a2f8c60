// What the wrong kernels share: a right one that takes keys in tiles, and its seams, one of which each of
// them has wrong.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "operations/attention.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {

struct Right {
  static constexpr std::int64_t tile = 8;
  static constexpr float begin = -std::numeric_limits<float>::infinity();

  static std::int64_t head_of_k(const AttentionAxes& axes, std::int64_t head) { return axes.kv_head(head); }
  static std::int64_t head_of_v(const AttentionAxes& axes, std::int64_t head) { return axes.kv_head(head); }
  static std::int64_t keys(std::int64_t t, std::int64_t) { return t + 1; }
  static std::int64_t numbers(std::int64_t D) { return D; }
  static float scaled(float product, double scale) { return product * static_cast<float>(scale); }
  static float carried(float maximum) { return maximum; }
  /// What distances are taken from: a number, where nothing but -infinity was seen too.
  static float finite(float maximum) { return std::max(maximum, std::numeric_limits<float>::lowest()); }
  static float rescale(float before, float now) { return std::exp(before - now); }
  /// Keys of zero behind the T there are, up to the end of the tile that begins with key `first`.
  static std::int64_t padded(std::int64_t, std::int64_t) { return 0; }
  /// Of the tile's values, those that are multiplied with a weight.
  static std::int64_t weighed(std::int64_t count, bool) { return count; }
  static float normaliser(float sum, float) { return sum; }
};

/// One query of T: y = sum of softmax(logits)[j] v[j].
template <class Seams>
void attend(const float* q, const float* k, const float* v, std::int64_t t, std::int64_t T, std::int64_t D,
            float* y) {
  const std::int64_t keys = Seams::keys(t, T);
  const double scale = attention_scale(D);
  float maximum = Seams::begin, sum = 0, sum_before = 0;
  std::fill_n(y, D, 0.0f);
  for (std::int64_t first = 0; first < keys; first += Seams::tile) {
    const std::int64_t count = std::min(Seams::tile, keys - first);
    float weights[Seams::tile] = {}, now = Seams::carried(maximum);
    for (std::int64_t j = 0; j < count; ++j) {
      float product = 0;
      for (std::int64_t d = 0; d < Seams::numbers(D); ++d) product += q[d] * k[(first + j) * D + d];
      weights[j] = Seams::scaled(product, scale);
      if (!(weights[j] <= now)) now = weights[j];
    }
    const float rescale = Seams::rescale(Seams::finite(maximum), Seams::finite(now));
    maximum = now;
    sum_before = sum;
    sum *= rescale;
    for (std::int64_t j = 0; j < count; ++j)
      sum += weights[j] = std::exp(weights[j] - Seams::finite(maximum));
    for (std::int64_t j = 0; j < Seams::padded(first, T); ++j) sum += std::exp(-maximum);
    for (std::int64_t d = 0; d < D; ++d) {
      y[d] *= rescale;
      for (std::int64_t j = 0; j < Seams::weighed(count, first + count == T); ++j)
        y[d] += weights[j] * v[(first + j) * D + d];
    }
  }
  for (std::int64_t d = 0; d < D; ++d) y[d] /= Seams::normaliser(sum, sum_before);
}

template <class Seams>
void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const AttentionAxes axes(problem);
  const std::int64_t T = axes.T, D = axes.D;
  for (std::int64_t head = 0; head < axes.B * axes.H; ++head)
    for (std::int64_t t = 0; t < T; ++t) {
      const std::int64_t row = (head * T + t) * D;
      attend<Seams>(inputs[0] + row, inputs[1] + Seams::head_of_k(axes, head) * T * D,
                    inputs[2] + Seams::head_of_v(axes, head) * T * D, t, T, D, y + row);
    }
}

template <class Seams, auto run = run<Seams>, bool one_thread = true>
constexpr Implementation wrong{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .one_thread = one_thread,
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
