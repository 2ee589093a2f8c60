// What the wrong kernels share: the right way, so that each is wrong in one place only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "suite/implementation.hpp"
#include "suite/problem.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

/// Which matrices meet, dimension by dimension as the shapes have them.
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

/// Calls each(index, X, Y, out) for every product, with its index in each dimension of the batch.
template <class Product>
void each_product(const Problem& problem, const float* const* inputs, float* out, const Product& each) {
  constexpr int dimensions = BroadcastProducts::batch_dimensions;
  const BroadcastProducts products(problem);
  for (std::int64_t product = 0; product < products.count(); ++product, out += products.M * products.N) {
    std::int64_t index[dimensions];
    const float* X = inputs[0];
    const float* Y = inputs[1];
    std::int64_t rest = product;
    for (int i = dimensions - 1; i >= 0; --i) {
      index[i] = rest % products.sizes[i];
      rest /= products.sizes[i];
      X += index[i] * products.X_steps[i];
      Y += index[i] * products.Y_steps[i];
    }
    each(index, X, Y, out);
  }
}

/// Element (m, n) of a product, from its first `terms` terms.
inline float element(const BroadcastProducts& products, const float* X, const float* Y, std::int64_t m,
                     std::int64_t n, std::int64_t terms) {
  float sum = 0;
  for (std::int64_t k = 0; k < terms; ++k) sum += X[m * products.K + k] * Y[k * products.N + n];
  return sum;
}

/// The first `rows` rows and `columns` columns of a product, from its first `terms` terms.
inline void multiply_part(const BroadcastProducts& products, const float* X, const float* Y, float* out,
                          std::int64_t rows, std::int64_t columns, std::int64_t terms) {
  for (std::int64_t m = 0; m < rows; ++m)
    for (std::int64_t n = 0; n < columns; ++n) out[m * products.N + n] = element(products, X, Y, m, n, terms);
}

/// A whole product.
inline void multiply(const BroadcastProducts& products, const float* X, const float* Y, float* out) {
  multiply_part(products, X, Y, out, products.M, products.N, products.K);
}

template <auto run, auto scratch_bytes = nullptr, auto prepare = nullptr>
constexpr Implementation wrong{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run, scratch_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
