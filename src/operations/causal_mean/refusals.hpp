// What no way to compute causal_mean takes.
#pragma once

#include "operations/sequence.hpp"

namespace trilbench {

/// Why no way takes sequences of more than 2^24 terms: a larger number is rounded, and with it the mean's
/// divisor.
inline const char* refuses_uncountable(const Problem& problem) {
  return SequenceAxes(problem).T > (1 << 24) ? "T > 2^24: a float32 cannot count the terms" : nullptr;
}

/// For the plain loops.
inline const char* refuses_threads_and_uncountable(const Problem& problem) {
  return problem.threads > 1 ? "runs on one thread" : refuses_uncountable(problem);
}

}  // namespace trilbench
