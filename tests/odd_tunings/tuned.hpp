// Rows of the kernels with any tuning, without the care that the real rows take over speed.
#pragma once

#include "kernels/prefix_mean.hpp"
#include "kernels/triangular_gemm.hpp"
#include "operations/causal_mean/axes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {

template <PrefixMeanTuning tuning>
struct TunedPrefixMean {
  static PrefixMean<tuning> plan(const Problem& problem) {
    const auto [B, T, C] = CausalMeanAxes(problem);
    return {B, T, C, problem.threads};
  }

  static std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(); }

  static double flops(const Problem& problem) {
    const auto [B, T, C] = CausalMeanAxes(problem);
    return 2.0 * static_cast<double>(B * T * C);
  }

  static double roundings(const Problem& problem, std::int64_t row) {
    return prefix_mean_roundings(tuning, row % CausalMeanAxes(problem).T);
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

/// Rows of W lie side by side: the first element past one is the next one's.
template <TriangularGemmTuning tuning>
struct TunedTrilGemm {
  static std::size_t workspace_bytes(const Problem& problem) {
    const auto [B, T, C] = CausalMeanAxes(problem);
    const std::int64_t scratch = problem.threads * TriangularGemmColumns<tuning>{T, C}.scratch_floats();
    return static_cast<std::size_t>(T * T + scratch) * sizeof(float);
  }

  static double flops(const Problem& problem) {
    const auto [B, T, C] = CausalMeanAxes(problem);
    return static_cast<double>(B * C) * static_cast<double>(T) * static_cast<double>(T + 1);
  }

  static void prepare(const Problem& problem, void* workspace) {
    const std::int64_t T = CausalMeanAxes(problem).T;
    float* W = static_cast<float*>(workspace);
    for (std::int64_t t = 0; t < T; ++t) std::fill_n(W + t * T, t + 1, 1.0f / static_cast<float>(t + 1));
  }

  static void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
    const auto [B, T, C] = CausalMeanAxes(problem);
    float* W = static_cast<float*>(workspace);
    parallel(problem.threads, [&, B = B, T = T, C = C](Team team) {
      triangular_gemm<tuning>(team, problem.threads, {W, T}, inputs[0], y, B, T, C, W + T * T);
    });
  }

  static constexpr Implementation row(const char* name) {
    return {.operation = "causal_mean",
            .name = name,
            .isa = Isa::TRILBENCH_ISA,
            .idea = "tril_gemm with an odd tuning",
            .workspace_bytes = workspace_bytes,
            .flops = flops,
            .prepare = prepare,
            .run = run};
  }
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
