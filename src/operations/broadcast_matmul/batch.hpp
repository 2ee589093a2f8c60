// The products of a problem as the kernels take them.
#pragma once

#include "kernels/product_batch.hpp"
#include "operations/broadcast_matmul/products.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

inline ProductBatch batch_of(const Problem& problem) {
  const BroadcastProducts products(problem);
  ProductBatch batch(products.M, products.K, products.N);
  for (int i = BroadcastProducts::batch_dimensions - 1; i >= 0; --i)
    batch.add_dimension(products.sizes[i], {products.X_steps[i], products.Y_steps[i]});
  return batch;
}

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
