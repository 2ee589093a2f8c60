// The triangles W[T, T] that users of libraries keep, and the mask of what is not in them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "operations/sequence.hpp"

namespace trilbench {

/// Of a whole matrix W[T, T].
inline std::size_t triangle_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(SequenceAxes(problem).T);
  return T * T * sizeof(float);
}

/// The mean as a product: a lower triangle of weights 1 / (t + 1), zeros above it. It depends on the sizes
/// alone, so that preparation builds it.
inline void fill_normalised_triangle(const Problem& problem, void* triangle) {
  const std::int64_t T = SequenceAxes(problem).T;
  float* W = static_cast<float*>(triangle);
  for (std::int64_t t = 0; t < T; ++t, W += T) {
    std::fill_n(W, t + 1, 1.0f / static_cast<float>(t + 1));
    std::fill(W + t + 1, W + T, 0.0f);
  }
}

/// What is on and below W's diagonal, for a product that is dense.
inline void copy_triangle(const Problem& problem, const float* W, void* triangle) {
  const std::int64_t T = SequenceAxes(problem).T;
  for (std::int64_t t = 0; t < T; ++t) std::copy_n(W + t * T, t + 1, static_cast<float*>(triangle) + t * T);
}

/// mask[T, T], true above the diagonal.
inline void fill_mask(std::int64_t T, bool* mask) {
  for (std::int64_t t = 0; t < T; ++t, mask += T) {
    std::fill_n(mask, t + 1, false);
    std::fill(mask + t + 1, mask + T, true);
  }
}

}  // namespace trilbench
