// causal_mean without ado, for rows that are about something else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "suite/problem.hpp"

namespace trilbench::bench {

inline double elements(const Problem& problem) {
  return static_cast<double>(problem.sizes[0] * problem.sizes[1] * problem.sizes[2]);
}

inline void plain_mean(const Problem& problem, const float* x, float* y) {
  const std::int64_t B = problem.sizes[0], T = problem.sizes[1], C = problem.sizes[2];
  std::vector<double> sum(static_cast<std::size_t>(C));
  for (std::int64_t b = 0; b < B; ++b) {
    sum.assign(sum.size(), 0);
    for (std::int64_t t = 0; t < T; ++t)
      for (double& each : sum) *y++ = static_cast<float>((each += *x++) / static_cast<double>(t + 1));
  }
}

}  // namespace trilbench::bench
