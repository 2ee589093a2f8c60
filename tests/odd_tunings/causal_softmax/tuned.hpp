// Rows of causal_softmax with any tuning.
#pragma once

#include "kernels/causal_softmax.hpp"
#include "operations/causal_softmax/sizes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {

template <CausalSoftmaxTuning tuning>
struct TunedCausalSoftmax {
  static CausalSoftmax<tuning> plan(const Problem& problem) {
    return {softmax_length(problem), problem.threads};
  }

  static std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(); }

  static void run(const Problem& problem, const float* const* inputs, float* P, void* workspace) {
    plan(problem).run(inputs[0], P, workspace);
  }

  static constexpr Implementation row(const char* name) {
    return {.operation = "causal_softmax",
            .name = name,
            .isa = Isa::TRILBENCH_ISA,
            .idea = "overlapped with an odd tuning",
            .workspace_bytes = workspace_bytes,
            .flops = three_pass_flops,
            .run = run};
  }
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
