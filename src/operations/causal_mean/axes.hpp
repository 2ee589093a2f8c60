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

/// Why no way takes sequences of more than 2^24 terms: a larger number is rounded, and with it the mean's
/// divisor.
inline const char* refuses_uncountable(const Problem& problem) {
  return CausalMeanAxes(problem).T > (1 << 24) ? "T > 2^24: a float32 cannot count the terms" : nullptr;
}

/// For the plain loops.
inline const char* refuses_threads_and_uncountable(const Problem& problem) {
  return problem.threads > 1 ? "runs on one thread" : refuses_uncountable(problem);
}

}  // namespace trilbench
