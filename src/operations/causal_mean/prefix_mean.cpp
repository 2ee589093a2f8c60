// One pass of running sums in lanes: the traffic of a copy. The method, its cost and its accuracy:
// kernels/prefix_mean.hpp.
#include "kernels/prefix_mean.hpp"

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr PrefixMeanTuning tuning{};

PrefixMean<tuning> plan(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return {B, T, C, problem.threads};
}

std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(); }

void prepare(const Problem& problem, void* workspace) { plan(problem).prepare(workspace); }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  plan(problem).run(inputs[0], y, workspace);
}

}  // namespace

extern const Implementation prefix_mean = {
    .idea = "one pass of running sums in registers, in blocks, for accuracy",
    .flops = {.per_output = 2},  // an addition and a division; adding the carry is its own affair
    .sum_block = tuning.block_rows,
    .kernel = kernel_of_functions<run, workspace_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
