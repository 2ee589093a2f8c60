// The plan of a problem's products (kernels/gemm/batched_gemm.hpp).
#pragma once

#include "kernels/gemm/batched_gemm.hpp"
#include "operations/broadcast_matmul/products.hpp"
#include "suite/problem.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

template <BatchedGemmTuning tuning = BatchedGemmTuning{}>
class BroadcastGemm {
 public:
  BroadcastGemm(const Problem& problem, const Caches& caches)
      : threads_(problem.threads), gemm_(batch_of(BroadcastProducts(problem)), threads_, caches) {}

  std::size_t scratch_bytes() const { return gemm_.scratch_bytes(); }
  void prepare(void* scratch) const { gemm_.prepare(scratch); }

  void run(const float* const* inputs, float* out, void* scratch) const {
    parallel(threads_, [&](Team team) { gemm_.run(team, inputs[0], inputs[1], out, scratch); });
  }

 private:
  static ProductBatch batch_of(const BroadcastProducts& products) {
    ProductBatch batch(products.M, products.K, products.N);
    for (int i = BroadcastProducts::batch_dimensions - 1; i >= 0; --i)
      batch.add_dimension(products.sizes[i], {products.X_steps[i], products.Y_steps[i]});
    return batch;
  }

  int threads_;
  BatchedGemm<tuning> gemm_;
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
