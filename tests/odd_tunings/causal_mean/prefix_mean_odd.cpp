// prefix_mean with sizes that divide nothing, pieces of a sequence that are cut everywhere, and every store
// streamed.
#include "kernels/prefix_mean.hpp"
#include "operations/causal_mean/axes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr PrefixMeanTuning tuning{
    .block_rows = 5, .panel_vectors = 3, .bundle_rows = 2, .chunk_bytes = 1000, .streaming_bytes = 0};

PrefixMean<tuning> plan(const Problem& problem) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  return {B, T, C, problem.threads};
}

std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(); }

double flops(const Problem& problem) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  return 2.0 * static_cast<double>(B * T * C);
}

double roundings(const Problem& problem, std::int64_t row) {
  return prefix_mean_roundings(tuning, row % CausalMeanAxes(problem).T);
}

void prepare(const Problem& problem, void* workspace) { plan(problem).prepare(workspace); }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  plan(problem).run(inputs[0], y, workspace);
}

}  // namespace

extern const Implementation prefix_mean_odd = {
    .operation = "causal_mean",
    .name = "prefix_mean_odd",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "prefix_mean with an odd tuning",
    .workspace_bytes = workspace_bytes,
    .flops = flops,
    .roundings = roundings,
    .prepare = prepare,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
