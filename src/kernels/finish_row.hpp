// What a row of a causal softmax needs once its sum is known: its weights normalised, zeros behind them.
//
// Four registers a turn; the last, partial one under a mask.
#pragma once

#include <cstdint>

#include "kernels/normaliser.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// p[k]: the weights of exponentials with the given sum; both may be the same memory.
[[gnu::flatten]] inline void normalise_row(const float* exponentials, float* p, std::int64_t count,
                                           float sum) {
  constexpr int turn = 4;
  const Normaliser normalised(sum);
  std::int64_t k = 0;
  for (; k + turn * lanes <= count; k += turn * lanes)
    unroll<turn>([&](auto i) { store(p + k + i * lanes, normalised(load(exponentials + k + i * lanes))); });
  for (; k + lanes <= count; k += lanes) store(p + k, normalised(load(exponentials + k)));
  if (const auto left = static_cast<int>(count - k); left > 0)
    store_first(p + k, normalised(load_first(exponentials + k, left)), left);
}

/// p[k] = 0
[[gnu::flatten]] inline void clear_row(float* p, std::int64_t count) {
  constexpr int turn = 4;
  const Lanes zero(0.0f);
  std::int64_t k = 0;
  for (; k + turn * lanes <= count; k += turn * lanes)
    unroll<turn>([&](auto i) { store(p + k + i * lanes, zero); });
  for (; k + lanes <= count; k += lanes) store(p + k, zero);
  if (const auto left = static_cast<int>(count - k); left > 0) store_first(p + k, zero, left);
}

}  // namespace trilbench::TRILBENCH_ISA
