// The weights made once for the whole batch, just before their use where that pays, and left unnormalised:
// one division for each row. The method and its cost: kernels/weighted_mean.hpp.
#include "kernels/weighted_mean.hpp"

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

WeightedMean<> plan(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return {B, T, C};
}

std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(problem.threads); }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  plan(problem).run(problem.threads, inputs[0], inputs[1], y, workspace);
}

}  // namespace

extern const Implementation fused = {
    .idea = "weights made once for the whole batch and left unnormalised: one division for each row",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
