// The axes of queries q[B, H, T, D], keys and values k, v[B, H_kv, T, D], by name: what the operations of
// attention share.
#pragma once

#include <cmath>
#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

/// A shape is written 1x8x1024x64 where each of 8 heads has keys of its own, 1x8g2x1024x64 where 4 of them
/// share one head's.
struct AttentionAxes {
  std::int64_t B, H, T, D;  // batch, heads of queries, time, numbers of a head
  std::int64_t H_kv;        // heads of keys and values, which divides H

  explicit AttentionAxes(const Problem& problem)
      : B(problem.sizes[0]),
        H(problem.sizes[1]),
        T(problem.sizes[2]),
        D(problem.sizes[3]),
        H_kv(problem.sizes[4] > 0 ? problem.sizes[4] : H) {}

  /// The head of keys and values, counted through the batch, that head `head` of the queries attends to;
  /// `head` is counted through the batch too.
  std::int64_t kv_head(std::int64_t head) const { return head / (H / H_kv); }
};

/// What the products of queries and keys are multiplied with: 1 / sqrt(D).
inline double attention_scale(std::int64_t D) { return 1 / std::sqrt(static_cast<double>(D)); }

}  // namespace trilbench
