// tril_gemm with tiles of one row and one vector.
#include "kernels/triangular_gemm.hpp"
#include "operations/causal_mean/axes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr TriangularGemmTuning tuning{.tile_rows = 1, .tile_vectors = 1};

std::size_t workspace_bytes(const Problem& problem) {
  const std::int64_t T = CausalMeanAxes(problem).T;
  return static_cast<std::size_t>(T * T) * sizeof(float);
}

double flops(const Problem& problem) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  return static_cast<double>(B * C) * static_cast<double>(T) * static_cast<double>(T + 1);
}

void prepare(const Problem& problem, void* workspace) {
  const std::int64_t T = CausalMeanAxes(problem).T;
  float* W = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t) std::fill_n(W + t * T, t + 1, 1.0f / static_cast<float>(t + 1));
}

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  const float* W = static_cast<const float*>(workspace);
  parallel(problem.threads, [&, B = B, T = T, C = C](Team team) {
    triangular_gemm<tuning>(team, problem.threads, W, T, inputs[0], y, B, T, C);
  });
}

}  // namespace

extern const Implementation tril_gemm_least = {
    .operation = "causal_mean",
    .name = "tril_gemm_least",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "tril_gemm with an odd tuning",
    .workspace_bytes = workspace_bytes,
    .flops = flops,
    .prepare = prepare,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
