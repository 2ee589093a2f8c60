// Queries as columns: one in each lane, so that a softmax of many queries needs nothing across lanes.
#pragma once

#include <algorithm>
#include <cstdint>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// Lane i of v[j] becomes lane j of v[i].
template <int distance = lanes / 2>
[[gnu::always_inline]] inline void transpose(Lanes (&v)[lanes]) {
  constexpr auto low = [](int lane) { return lane & distance ? lanes + lane - distance : lane; };
  constexpr auto high = [](int lane) { return lane & distance ? lanes + lane : lane + distance; };
  unroll<lanes>([&](auto i) {
    if constexpr ((i & distance) == 0) {
      const Lanes a = v[i], b = v[i + distance];
      v[i] = shuffle(a, b, low);
      v[i + distance] = shuffle(a, b, high);
    }
  });
  if constexpr (distance > 1) transpose<distance / 2>(v);
}

}  // namespace detail

/// packed[d * stride + i] = scale * q[i * D + d] of up to `lanes` queries; the last stands for those that
/// are missing.
[[gnu::flatten]] inline void pack_queries(const float* q, std::int64_t D, int count, float scale,
                                          float* packed, std::int64_t stride) {
  const auto pack = [&](auto d, const auto& load_row, int width) {
    Lanes v[lanes];
    unroll<lanes>([&](auto i) { v[i] = load_row(q + std::min<int>(i, count - 1) * D + d) * Lanes(scale); });
    detail::transpose(v);
    unroll<lanes>([&](auto i) {
      if (i < width) store(packed + (d + i) * stride, v[i]);
    });
  };
  each_register<1>(
      D,
      [&](std::int64_t d, auto) {
        pack(
            d, [](const float* from) { return load(from); }, lanes);
      },
      [&](std::int64_t d, int left) {
        pack(
            d, [left](const float* from) { return load_first(from, left); }, left);
      });
}

}  // namespace trilbench::TRILBENCH_ISA
