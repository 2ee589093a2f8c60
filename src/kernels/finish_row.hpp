// What a row of a causal softmax needs once its sum is known: its weights scaled, zeros behind them.
//
// Four registers a turn; the last, partial one under a mask.
#pragma once

#include <cstdint>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// p[k] = weights[k] * factor; both may be the same.
[[gnu::flatten]] inline void scale_row(const float* weights, float* p, std::int64_t count, float factor) {
  constexpr int turn = 4;
  const Lanes share(factor);
  std::int64_t k = 0;
  for (; k + turn * lanes <= count; k += turn * lanes)
    unroll<turn>([&](auto i) { store(p + k + i * lanes, load(weights + k + i * lanes) * share); });
  for (; k + lanes <= count; k += lanes) store(p + k, load(weights + k) * share);
  if (const auto left = static_cast<int>(count - k); left > 0)
    store_first(p + k, load_first(weights + k, left) * share, left);
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
