// The sizes of one computation. Plain data: it crosses instruction-set boundaries.
#pragma once

#include <cstdint>

namespace trilbench {

inline constexpr int max_axes = 4;

/// What is asked of an implementation: the sizes of the operation's axes, in the operation's order (B, T, C
/// for causal_mean), and the number of OpenMP threads it may use. All at least 1.
struct Problem {
  std::int64_t sizes[max_axes];
  int threads;
};

}  // namespace trilbench
