// Rows of prefix_mean with any tuning, without the care that the real rows take over speed.
#pragma once

#include "kernels/prefix_mean.hpp"
#include "operations/causal_mean/refusals.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {

template <PrefixMeanTuning tuning>
struct TunedPrefixMean {
  static PrefixMean<tuning> plan(const Problem& problem) {
    const auto [B, T, C] = SequenceAxes(problem);
    return {B, T, C, problem.threads};
  }

  static std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(); }

  static double flops(const Problem& problem) {
    const auto [B, T, C] = SequenceAxes(problem);
    return 2.0 * static_cast<double>(B * T * C);
  }

  static double roundings(const Problem& problem, std::int64_t row) {
    return prefix_mean_roundings(tuning, row % SequenceAxes(problem).T);
  }

  static void prepare(const Problem& problem, void* workspace) { plan(problem).prepare(workspace); }

  static void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
    plan(problem).run(inputs[0], y, workspace);
  }

  static constexpr Implementation row(const char* name, const char* (*refuses)(const Problem&) = nullptr) {
    return {.operation = "causal_mean",
            .name = name,
            .isa = Isa::TRILBENCH_ISA,
            .idea = "prefix_mean with an odd tuning",
            .refuses = refuses,
            .workspace_bytes = workspace_bytes,
            .flops = flops,
            .roundings = roundings,
            .prepare = prepare,
            .run = run};
  }
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
