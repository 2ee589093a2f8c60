// One pass of running sums in lanes: the traffic of a copy. The method, its cost and its accuracy:
// kernels/prefix_mean.hpp.
#include "kernels/prefix_mean.hpp"

#include "operations/causal_mean/refusals.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr PrefixMeanTuning tuning{};

PrefixMean<tuning> plan(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return {B, T, C, problem.threads};
}

std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(); }

// An addition and a division; the addition of the carry is this method's own affair.
double flops(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return 2.0 * static_cast<double>(B * T * C);
}

double roundings(const Problem& problem, std::int64_t row) {
  return prefix_mean_roundings(tuning, row % SequenceAxes(problem).T);
}

void prepare(const Problem& problem, void* workspace) { plan(problem).prepare(workspace); }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  plan(problem).run(inputs[0], y, workspace);
}

}  // namespace

extern const Implementation prefix_mean = {
    .operation = "causal_mean",
    .name = "prefix_mean",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "one pass of running sums in registers, in blocks, for accuracy",
    .refuses = refuses_uncountable,
    .workspace_bytes = workspace_bytes,
    .flops = flops,
    .roundings = roundings,
    .prepare = prepare,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
