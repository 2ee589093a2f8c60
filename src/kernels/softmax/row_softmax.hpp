// The softmax of a row of logits in two steps: weights[k] = e^(logits[k] - m), m the largest logit, and their
// sum; then each times the reciprocal of the sum. Whoever multiplies with the weights needs the first step
// only, and divides its result, which has fewer elements.
//
// Idea: passes over a row that stays in L1, with four accumulators that hide the latency of the additions.
// NaN and infinities need no care of their own: a NaN among the logits may miss the maximum, but is in the
// sum, and infinity - infinity is NaN; so the sum is NaN, and every weight divided by it.
//
// Cost: for each logit a comparison, a subtraction, an exponential and an addition; to normalise, a
// comparison, a product and, without masks, a logical operation.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

inline constexpr int row_accumulators = 4;

/// What no maximum and no sum of exponentials sees.
inline Lanes minus_infinity() { return Lanes(-std::numeric_limits<float>::infinity()); }

/// The first `count` logits, and minus infinity above them.
inline Lanes load_logits(const float* logits, int count) {
  return load_first_or(logits, count, minus_infinity());
}

}  // namespace detail

/// The largest of `count` logits, in every lane; NaN is passed over.
[[gnu::flatten]] inline Lanes largest_logit(const float* logits, std::int64_t count) {
  constexpr int accumulators = detail::row_accumulators;
  constexpr std::int64_t step = accumulators * lanes;
  Lanes largest[accumulators];
  unroll<accumulators>([&](auto i) { largest[i] = detail::minus_infinity(); });
  std::int64_t k = 0;
  for (; k + step <= count; k += step)
    unroll<accumulators>([&](auto i) { largest[i] = max(load(logits + k + i * lanes), largest[i]); });
  for (; k + lanes <= count; k += lanes) largest[0] = max(load(logits + k), largest[0]);
  if (const auto left = static_cast<int>(count - k); left > 0)
    largest[1] = max(detail::load_logits(logits + k, left), largest[1]);
  return max_of(max(max(largest[0], largest[1]), max(largest[2], largest[3])));
}

/// Writes the weights, given the largest logit; returns their sum, in every lane. `logits` and `weights` may
/// be the same.
[[gnu::flatten]] inline Lanes exponentiate(const float* logits, float* weights, std::int64_t count, Lanes m) {
  constexpr int accumulators = detail::row_accumulators;
  constexpr std::int64_t step = accumulators * lanes;
  Lanes sums[accumulators];
  unroll<accumulators>([&](auto i) { sums[i] = Lanes(0.0f); });
  const auto whole_register = [&](std::int64_t at) {
    const Lanes weight = exp_of_nonpositive(load(logits + at) - m);
    store(weights + at, weight);
    return weight;
  };
  std::int64_t k = 0;
  for (; k + step <= count; k += step)
    unroll<accumulators>([&](auto i) { sums[i] = sums[i] + whole_register(k + i * lanes); });
  for (; k + lanes <= count; k += lanes) sums[0] = sums[0] + whole_register(k);
  if (const auto left = static_cast<int>(count - k); left > 0) {
    const Lanes weight = exp_of_nonpositive(detail::load_logits(logits + k, left) - m);
    store_first(weights + k, weight, left);
    // Where m is minus infinity, what lies above the logits is NaN like them.
    sums[1] = sums[1] + weight;
  }
  return sum_of((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

/// Both passes. Returns the sum.
inline float row_softmax(const float* logits, float* weights, std::int64_t count) {
  return first_lane(exponentiate(logits, weights, count, largest_logit(logits, count)));
}

/// From exponentials to weights: each times the reciprocal of their sum, and 0 where that would be denormal.
/// Arithmetic that takes or gives a denormal number stops many CPUs for a hundred cycles and more, in a row
/// of weights and in every product with them; the bound lets what is below 2^-126 be 0 (docs/numerics.md,
/// "Denormal weights"). So exponentials are compared before they are multiplied.
class Normaliser {
 public:
  Normaliser() = default;

  /// Of a row with this sum of exponentials, which is at least 1, or NaN. The least that stays leaves room
  /// for the roundings of both factors.
  explicit Normaliser(float sum) : scale_(1.0f / sum), least_(least_of_one * sum) {}

  /// Of several rows, each lane having its own's.
  explicit Normaliser(Lanes sums) : scale_(divide(Lanes(1.0f), sums)), least_(Lanes(least_of_one) * sums) {}

  Lanes operator()(Lanes exponentials) const {
    return zero_below(exponentials, exponentials, least_) * scale_;
  }

 private:
  static constexpr float least_of_one = 0x1.000004p-126f;

  Lanes scale_, least_;
};

/// p[k]: the weights of exponentials with the given sum; both may be the same memory.
[[gnu::flatten]] inline void normalise_row(const float* exponentials, float* p, std::int64_t count,
                                           float sum) {
  const Normaliser normalised(sum);
  each_register<4>(
      count, [&](std::int64_t k, auto) { store(p + k, normalised(load(exponentials + k))); },
      [&](std::int64_t k, int left) {
        store_first(p + k, normalised(load_first(exponentials + k, left)), left);
      });
}

/// From so many floats on memset clears a row faster than a loop: it may have wider stores, and some that do
/// not read what they overwrite. Fewer take less than its call.
inline constexpr std::int64_t floats_of_memset = 64 * lanes;

/// p[k] = 0
[[gnu::flatten]] inline void clear_row(float* p, std::int64_t count) {
  if (count >= floats_of_memset) {
    std::memset(p, 0, static_cast<std::size_t>(count) * sizeof(float));
    return;
  }
  const Lanes zero = opaque(Lanes(0.0f));  // or the compiler makes a memset of the loop
  each_register<4>(
      count, [&](std::int64_t k, auto) { store(p + k, zero); },
      [&](std::int64_t k, int left) { store_first(p + k, zero, left); });
}

}  // namespace trilbench::TRILBENCH_ISA
