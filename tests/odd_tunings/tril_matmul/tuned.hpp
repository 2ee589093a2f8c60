// Rows of the product with any tuning.
#pragma once

#include "kernels/triangular_gemm.hpp"
#include "operations/flops.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {

template <TriangularGemmTuning tuning>
struct TunedTrilGemm {
  static std::size_t workspace_bytes(const Problem& problem) {
    const auto [B, T, C] = SequenceAxes(problem);
    const TriangularGemm<tuning> product{B, T, C};
    return static_cast<std::size_t>(product.scratch_floats(problem.threads)) * sizeof(float);
  }

  static void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
    const auto [B, T, C] = SequenceAxes(problem);
    parallel(problem.threads, [&, B = B, T = T, C = C](Team team) {
      TriangularGemm<tuning>{B, T, C}.run(team, problem.threads, {inputs[0], T}, inputs[1], y,
                                          static_cast<float*>(workspace));
    });
  }

  static constexpr Implementation row(const char* name) {
    return {.operation = "tril_matmul",
            .name = name,
            .isa = Isa::TRILBENCH_ISA,
            .idea = "tril_gemm with an odd tuning",
            .workspace_bytes = workspace_bytes,
            .flops = triangular_product_flops,
            .run = run};
  }
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
