// prefix_mean with the least of everything: blocks, panels, bundles and pieces of one.
#include "kernels/prefix_mean.hpp"
#include "operations/causal_mean/axes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr PrefixMeanTuning tuning{.block_rows = 1, .panel_vectors = 1, .bundle_rows = 1, .chunk_bytes = 4};

PrefixMean<tuning> plan(const Problem& problem) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  return {B, T, C, problem.threads};
}

const char* refuses(const Problem& problem) {
  const bool many_pieces = problem.threads > 1 && CausalMeanAxes(problem).T > 1000;
  return many_pieces ? "its threads meet after every row: long sequences take minutes" : nullptr;
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

extern const Implementation prefix_mean_least = {
    .operation = "causal_mean",
    .name = "prefix_mean_least",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "prefix_mean with an odd tuning",
    .refuses = refuses,
    .workspace_bytes = workspace_bytes,
    .flops = flops,
    .roundings = roundings,
    .prepare = prepare,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
