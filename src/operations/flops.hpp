// Useful flops of the ways to compute operations with triangles: what their methods need, whatever their
// kernels do beyond it.
#pragma once

#include "operations/sequence.hpp"

namespace trilbench {

/// What an exponential counts as (simd/exp_by_table.hpp): four fused multiply-adds, a subtraction, a product,
/// and the product with a power of two. Plain loops call the library's, which takes more, and are credited
/// with the same.
inline constexpr double exponential_flops = 11;

/// Elements on and below the diagonal of a matrix [T, T].
inline double triangle_elements(std::int64_t T) {
  return static_cast<double>(T) * static_cast<double>(T + 1) / 2;
}

/// tril(W) x[b]: for each element a product and an addition, the first of a row too.
inline double triangular_product_flops(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return 2 * static_cast<double>(B * C) * triangle_elements(T);
}

/// The product, and for each weight a comparison, a subtraction, an exponential and an addition; the division
/// of each row is nothing beside them.
inline double weighted_mean_flops(const Problem& problem) {
  return triangular_product_flops(problem) +
         (exponential_flops + 3) * triangle_elements(SequenceAxes(problem).T);
}

}  // namespace trilbench
