// Eigen on memory that is not its own: what the suite hands over are rows of floats.
#pragma once

#include <Eigen/Core>

#include "peers/eigen/compiled.hpp"
#include "suite/problem.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<Matrix>;
using ConstView = Eigen::Map<const Matrix>;

/// Eigen has threads for dense products only.
inline const char* refuses_threads(const Problem& problem) {
  return problem.threads > 1 ? "Eigen does this on one thread" : nullptr;
}

/// In the `prepare` of every row that computes dense products.
inline void set_threads(const Problem& problem) { Eigen::setNbThreads(problem.threads); }

/// y[b] = W x[b] for every matrix of the batch.
template <class Weights>
void multiply_each(const Weights& W, const float* x, float* y, Eigen::Index B, Eigen::Index T,
                   Eigen::Index C) {
  for (Eigen::Index b = 0; b < B; ++b, x += T * C, y += T * C)
    View(y, T, C).noalias() = W * ConstView(x, T, C);
}

}  // namespace trilbench::TRILBENCH_ISA::eigen
