// The sizes of one computation. Plain data: it crosses instruction-set boundaries.
#pragma once

#include <cstdint>

namespace trilbench {

/// Of a tensor whose shape is an axis.
inline constexpr int max_dimensions = 6;
inline constexpr int max_sizes = 2 * max_dimensions;

/// What is asked of an implementation: the sizes of the operation's axes, in the operation's order (B, T, C
/// for causal_mean), and the number of OpenMP threads it may use. All at least 1. An axis that is a tensor's
/// shape (X and Y of broadcast_matmul) takes max_dimensions sizes; in front of those that it has stand zeros.
struct Problem {
  std::int64_t sizes[max_sizes];
  int threads;
  bool operator==(const Problem&) const = default;
};

}  // namespace trilbench
