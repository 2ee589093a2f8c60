// The mean as a product: the lower triangle of weights 1 / (t + 1), zeros above it, that a user of a library
// of products would keep. It depends on the sizes alone, so `prepare` builds it in the workspace.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "operations/sequence.hpp"

namespace trilbench::normalised_triangle {

inline std::size_t bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(SequenceAxes(problem).T);
  return T * T * sizeof(float);
}

inline void fill(const Problem& problem, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  float* W = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t, W += T) {
    std::fill_n(W, t + 1, 1.0f / static_cast<float>(t + 1));
    std::fill(W + t + 1, W + T, 0.0f);
  }
}

}  // namespace trilbench::normalised_triangle
