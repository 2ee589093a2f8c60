// The softmax of one row of logits, left unnormalised: weights[k] = e^(logits[k] - m), m the largest logit,
// and their sum. Whoever multiplies with the weights divides its result, which has fewer elements.
//
// Idea: two passes over a row that stays in the first-level cache: the maximum; exponentials and their sum.
// Four accumulators hide the latency of the additions.
//
// Cost: a comparison, a subtraction, an exponential (13 flops) and an addition for each logit.
#pragma once

#include <cstdint>

#include "simd/exp.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// Returns the sum. `count` is a multiple of lanes: the caller pads a row with -infinity, whose weight is 0.
/// `logits` and `weights` may not overlap.
[[gnu::flatten]] inline float row_softmax(const float* logits, float* weights, std::int64_t count) {
  constexpr int accumulators = 4;
  constexpr std::int64_t step = accumulators * lanes;
  const std::int64_t whole = count / step * step;

  Lanes largest[accumulators];
  unroll<accumulators>([&](auto i) { largest[i] = load(logits); });
  for (std::int64_t k = 0; k < whole; k += step)
    unroll<accumulators>([&](auto i) { largest[i] = max(load(logits + k + i * lanes), largest[i]); });
  for (std::int64_t k = whole; k < count; k += lanes) largest[0] = max(load(logits + k), largest[0]);
  const Lanes m(max_of(max(max(largest[0], largest[1]), max(largest[2], largest[3]))));

  Lanes sums[accumulators];
  unroll<accumulators>([&](auto i) { sums[i] = Lanes(0.0f); });
  const auto exponentiate = [&](std::int64_t k) {
    const Lanes weight = exp_of_nonpositive(load(logits + k) - m);
    store(weights + k, weight);
    return weight;
  };
  for (std::int64_t k = 0; k < whole; k += step)
    unroll<accumulators>([&](auto i) { sums[i] = sums[i] + exponentiate(k + i * lanes); });
  for (std::int64_t k = whole; k < count; k += lanes) sums[0] = sums[0] + exponentiate(k);
  return sum_of((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

}  // namespace trilbench::TRILBENCH_ISA
