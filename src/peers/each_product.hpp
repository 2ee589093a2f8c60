// The products of a batch one after the other, for libraries that multiply two matrices.
#pragma once

#include "operations/broadcast_matmul/products.hpp"

namespace trilbench {

/// The products as a user asks for them who looks at his shapes: neighbouring X that meet the same Y are one
/// tall X.
struct TallProducts : BroadcastProducts {
  explicit TallProducts(const Problem& problem) : BroadcastProducts(problem) {
    for (int i = batch_dimensions - 1; i >= 0; --i) {
      if (sizes[i] == 1) continue;
      if (Y_steps[i] != 0) break;
      M *= sizes[i];
      sizes[i] = 1;
    }
  }
};

/// Calls multiply(x, y, z) with the matrices of each product, in the output's order.
template <class Multiply>
void each_product(const TallProducts& products, const float* const* inputs, float* z,
                  const Multiply& multiply) {
  static_assert(TallProducts::batch_dimensions == 4);
  const auto& [n0, n1, n2, n3] = products.sizes;
  const auto& [x0, x1, x2, x3] = products.X_steps;
  const auto& [y0, y1, y2, y3] = products.Y_steps;
  for (std::int64_t i0 = 0; i0 < n0; ++i0)
    for (std::int64_t i1 = 0; i1 < n1; ++i1)
      for (std::int64_t i2 = 0; i2 < n2; ++i2)
        for (std::int64_t i3 = 0; i3 < n3; ++i3, z += products.M * products.N)
          multiply(inputs[0] + i0 * x0 + i1 * x1 + i2 * x2 + i3 * x3,
                   inputs[1] + i0 * y0 + i1 * y1 + i2 * y2 + i3 * y3, z);
}

}  // namespace trilbench
