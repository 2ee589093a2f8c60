// Rows of the batched product with any tuning.
#pragma once

#include "kernels/batched_gemm.hpp"
#include "operations/broadcast_matmul/batch.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

template <BatchedGemmTuning tuning>
struct TunedBatchedGemm {
  static BatchedGemm<tuning> plan(const Problem& problem) { return BatchedGemm<tuning>(batch_of(problem)); }

  static std::size_t workspace_bytes(const Problem& problem) {
    return static_cast<std::size_t>(problem.threads * plan(problem).scratch_floats()) * sizeof(float);
  }

  static void run(const Problem& problem, const float* const* inputs, float* out, void* workspace) {
    const BatchedGemm<tuning> gemm = plan(problem);
    parallel(problem.threads, [&](Team team) {
      gemm.run(team, problem.threads, inputs[0], inputs[1], out, static_cast<float*>(workspace));
    });
  }

  static constexpr Implementation row(const char* name) {
    return {.operation = "broadcast_matmul",
            .name = name,
            .isa = Isa::TRILBENCH_ISA,
            .idea = "batched_gemm with an odd tuning",
            .workspace_bytes = workspace_bytes,
            .flops = product_flops,
            .run = run};
  }
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
