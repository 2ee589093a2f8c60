// batched_gemm with any tiles, on a machine with any caches.
#pragma once

#include "kernels/gemm/batched_gemm.hpp"
#include "operations/broadcast_matmul/products.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

template <BatchedGemmTuning tuning, std::int64_t L1, std::int64_t L2>
constexpr Implementation tuned() {
  struct Plan : BatchedGemm<Products, tuning> {
    Plan(const Problem& problem, const Machine&)
        : BatchedGemm<Products, tuning>(Products(problem), problem.threads, Machine{.L1 = L1, .L2 = L2}) {}
  };
  return {.idea = "batched_gemm with an odd tuning", .flops = {.per_term = 2}, .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
