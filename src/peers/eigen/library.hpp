// Eigen on memory that is not its own: what the suite hands over are rows of floats.
#pragma once

#include <Eigen/Core>

#include "operations/sequence.hpp"
#include "peers/eigen/variants.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<Matrix>;
using ConstView = Eigen::Map<const Matrix>;

/// In the preparation of all that computes dense products; Eigen does the rest on one thread.
inline void set_threads(const Problem& problem, void* = nullptr) { Eigen::setNbThreads(problem.threads); }

/// A matrix [T, T].
inline ConstView square(const Problem& problem, const void* W) {
  const std::int64_t T = SequenceAxes(problem).T;
  return {static_cast<const float*>(W), T, T};
}

/// For a triangle that is multiplied as a dense matrix: what will lie above it.
inline void fill_zeros(const Problem& problem, void* W) {
  const std::int64_t T = SequenceAxes(problem).T;
  set_threads(problem);
  View(static_cast<float*>(W), T, T).setZero();
}

/// y[b] = W x[b] for every matrix of the batch.
template <class Weights>
void multiply_each(const Problem& problem, const Weights& W, const float* x, float* y) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C)
    View(y, T, C).noalias() = W * ConstView(x, T, C);
}

}  // namespace trilbench::TRILBENCH_ISA::eigen
