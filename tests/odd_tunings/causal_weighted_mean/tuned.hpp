// Rows of fused with any tuning.
#pragma once

#include "kernels/weighted_mean.hpp"
#include "operations/flops.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

template <WeightedMeanTuning tuning>
struct TunedFused {
  static WeightedMean<tuning> plan(const Problem& problem) {
    const auto [B, T, C] = SequenceAxes(problem);
    return {B, T, C};
  }

  static std::size_t workspace_bytes(const Problem& problem) {
    return plan(problem).workspace_bytes(problem.threads);
  }

  static void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
    plan(problem).run(problem.threads, inputs[0], inputs[1], y, workspace);
  }

  static constexpr Implementation row(const char* name) {
    return {.operation = "causal_weighted_mean",
            .name = name,
            .isa = Isa::TRILBENCH_ISA,
            .idea = "fused with an odd tuning",
            .workspace_bytes = workspace_bytes,
            .flops = weighted_mean_flops,
            .run = run};
  }
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
