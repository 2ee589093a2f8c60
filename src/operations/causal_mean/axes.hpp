// The axes of x[B, T, C], by name.
#pragma once

#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

struct CausalMeanAxes {
  std::int64_t B, T, C;  // batch, time, channels

  explicit CausalMeanAxes(const Problem& problem)
      : B(problem.sizes[0]), T(problem.sizes[1]), C(problem.sizes[2]) {}
};

/// The most terms that a float32 can count; a larger number is rounded, and with it the divisor of the mean.
inline constexpr std::int64_t most_countable = std::int64_t{1} << 24;
inline constexpr const char* uncountable = "T > 2^24: a float32 cannot count the terms";

}  // namespace trilbench
