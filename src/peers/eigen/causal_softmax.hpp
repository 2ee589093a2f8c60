// The causal softmax as Eigen's users would write it: array expressions, row by row, over the row's past.
#pragma once

#include "peers/eigen/library.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {

/// The lower triangle of P[T, T]; what lies above it is left as it is.
inline void causal_softmax(const float* W, float* P, Eigen::Index T) {
  for (Eigen::Index t = 0; t < T; ++t, W += T, P += T) {
    const Eigen::Map<const Eigen::ArrayXf> logits(W, t + 1);
    Eigen::Map<Eigen::ArrayXf> weights(P, t + 1);
    weights = (logits - logits.maxCoeff()).exp();
    weights /= weights.sum();
  }
}

}  // namespace trilbench::TRILBENCH_ISA::eigen
