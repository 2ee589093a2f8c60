// tril_gemm with any tiles, on a machine with any L2.
#pragma once

#include "kernels/gemm/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {

template <TileTuning tuning, std::int64_t L2>
constexpr Implementation tuned() {
  struct Plan : SequencePlan<TriangularGemm<tuning>> {
    Plan(const Problem& problem, const Machine&)
        : SequencePlan<TriangularGemm<tuning>>(problem, Machine{.L1 = 1, .L2 = L2}) {}
  };
  return {.idea = "tril_gemm with an odd tuning", .flops = {.per_term = 2}, .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
