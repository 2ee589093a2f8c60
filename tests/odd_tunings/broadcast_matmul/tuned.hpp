// batched_gemm with any tiles, on a machine with any caches.
#pragma once

#include "operations/broadcast_matmul/batched_gemm.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

template <BatchedGemmTuning tuning, std::int64_t L1, std::int64_t L2>
constexpr Implementation tuned() {
  struct Plan : BroadcastGemm<tuning> {
    Plan(const Problem& problem, const Machine&)
        : BroadcastGemm<tuning>(problem, Machine{.L1 = L1, .L2 = L2}) {}
  };
  return {.idea = "batched_gemm with an odd tuning", .flops = {.per_term = 2}, .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
