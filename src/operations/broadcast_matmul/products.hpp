// Which matrices meet in a product of two tensors, as NumPy's `@` pairs them: the last two dimensions are the
// matrices, the ones before are broadcast, aligned at their ends.
#pragma once

#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

struct BroadcastProducts {
  static constexpr int batch_dimensions = max_dimensions - 2;

  std::int64_t M, K, N;  // each product: X[M, K] Y[K, N]

  /// The batch dimensions of the output, and how many floats one step along each moves in X and in Y: 0 where
  /// the tensor is broadcast.
  std::int64_t sizes[batch_dimensions];
  std::int64_t X_steps[batch_dimensions];
  std::int64_t Y_steps[batch_dimensions];

  /// Floats of all of X, of Y and of the output.
  std::int64_t X_elements, Y_elements, elements;

  explicit BroadcastProducts(const Problem& problem) {
    const std::int64_t* const X = problem.sizes;
    const std::int64_t* const Y = problem.sizes + max_dimensions;
    M = X[batch_dimensions];
    K = X[batch_dimensions + 1];
    N = Y[batch_dimensions + 1];
    X_elements = M * K;
    Y_elements = K * N;
    elements = M * N;
    for (int i = batch_dimensions - 1; i >= 0; --i) {
      const std::int64_t of_X = X[i] == 0 ? 1 : X[i];
      const std::int64_t of_Y = Y[i] == 0 ? 1 : Y[i];
      sizes[i] = of_X == 1 ? of_Y : of_X;
      X_steps[i] = of_X == 1 ? 0 : X_elements;
      Y_steps[i] = of_Y == 1 ? 0 : Y_elements;
      X_elements *= of_X;
      Y_elements *= of_Y;
      elements *= sizes[i];
    }
  }

  std::int64_t count() const { return elements / (M * N); }
};

}  // namespace trilbench
