// tril_gemm with any tiles, on a machine with any L2.
#pragma once

#include "kernels/gemm/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {

template <TileTuning tuning, std::int64_t L2>
constexpr Implementation tuned() {
  struct Plan {
    Plan(const Problem& problem, const Machine&)
        : axes(problem),
          threads(problem.threads),
          product(axes.B, axes.T, axes.C, threads, Machine{.L1 = 1, .L2 = L2}) {}

    std::size_t scratch_bytes() const { return product.scratch_bytes(); }
    void prepare(void* scratch) const { product.prepare(scratch); }
    void run(const float* const* inputs, float* y, void* scratch) const {
      parallel(threads, [&](Team team) { product.run(team, {inputs[0], axes.T}, inputs[1], y, scratch); });
    }

    SequenceAxes axes;
    int threads;
    TriangularGemm<tuning> product;
  };
  return {.idea = "tril_gemm with an odd tuning", .flops = {.per_term = 2}, .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
