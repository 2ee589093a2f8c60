// The axes of queries q[B, H, T, D], keys and values k, v[B, H_kv, T, D], by name: what the operations of
// attention share.
#pragma once

#include <cmath>
#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

/// A shape is written 1x8x1024x64 where each of 8 heads has keys of its own, 1x8g2x1024x64 where each four of
/// them share a head of keys.
struct AttentionAxes {
  std::int64_t B, H, H_kv, T, D;  // batch, heads of queries, of keys and values, time, numbers of a head

  explicit AttentionAxes(const Problem& problem)
      : B(problem.sizes[0]),
        H(problem.sizes[1] * (problem.sizes[4] > 0 ? problem.sizes[4] : 1)),
        H_kv(problem.sizes[1]),
        T(problem.sizes[2]),
        D(problem.sizes[3]) {}

  /// The head of keys and values that head `head` of the queries attends to, both counted through the batch.
  std::int64_t kv_head(std::int64_t head) const { return head / (H / H_kv); }
};

/// What the products of queries and keys are multiplied with: 1 / sqrt(D).
inline double attention_scale(std::int64_t D) { return 1 / std::sqrt(static_cast<double>(D)); }

}  // namespace trilbench
