// What the wrong kernels share: a right one that takes each cache in two parts and joins them, and its seams,
// one of which each of them has wrong.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "operations/attention_decode/cache.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {

struct Right {
  static std::int64_t cache(const DecodeAxes& axes, std::int64_t head) { return axes.kv_head(head); }
  static std::int64_t keys(std::int64_t T) { return T; }
  static std::int64_t row_of_value(std::int64_t j, std::int64_t) { return j; }
  static float rescale(float of_part, float of_all) { return std::exp(of_part - of_all); }
  static float of_both(float first, float last) { return std::max(first, last); }
};

/// What a part of a cache comes to; behind it, its D weighted values.
struct Part {
  float largest = std::numeric_limits<float>::lowest(), sum = 0;
};

template <class Seams>
Part attend(const float* q, const float* k, const float* v, std::int64_t first, std::int64_t end,
            const DecodeAxes& axes, float* values) {
  const auto score = [&](std::int64_t j) {
    float product = 0;
    for (std::int64_t d = 0; d < axes.D; ++d) product += q[d] * k[j * axes.D + d];
    return product * static_cast<float>(attention_scale(axes.D));
  };
  Part part;
  std::fill_n(values, axes.D, 0.0f);
  for (std::int64_t j = first; j < end; ++j)
    if (const float s = score(j); s > part.largest) part.largest = s;
  for (std::int64_t j = first; j < end; ++j) {
    const float weight = std::exp(score(j) - part.largest);
    part.sum += weight;
    for (std::int64_t d = 0; d < axes.D; ++d)
      values[d] += weight * v[Seams::row_of_value(j, axes.T) * axes.D + d];
  }
  return part;
}

inline std::size_t scratch_bytes(const Problem& problem) { return 2 * DecodeAxes(problem).D * sizeof(float); }

template <class Seams>
void run(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  const DecodeAxes axes(problem);
  const std::int64_t D = axes.D, keys = Seams::keys(axes.T);
  float *const of_first = static_cast<float*>(scratch), *const of_last = of_first + D;
  for (std::int64_t head = 0; head < axes.B * axes.H; ++head, y += D) {
    const float* const q = inputs[0] + head * D;
    const std::int64_t cache = Seams::cache(axes, head) * axes.capacity() * D;
    const float *const k = inputs[1] + cache, *const v = inputs[2] + cache;
    const Part first = attend<Seams>(q, k, v, 0, keys / 2, axes, of_first);
    const Part last = attend<Seams>(q, k, v, keys / 2, keys, axes, of_last);
    const float largest = Seams::of_both(first.largest, last.largest);
    const float a = Seams::rescale(first.largest, largest), b = Seams::rescale(last.largest, largest);
    for (std::int64_t d = 0; d < D; ++d)
      y[d] = (a * of_first[d] + b * of_last[d]) / (a * first.sum + b * last.sum);
  }
}

template <class Seams>
constexpr Implementation wrong{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 6, .per_weight = flops_of_exponential + 4},
    .one_thread = true,
    .kernel = kernel_of_functions<run<Seams>, scratch_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
