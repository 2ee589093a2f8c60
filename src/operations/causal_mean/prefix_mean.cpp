// One pass of running sums in lanes: the traffic of a copy. The method, its cost and its accuracy:
// kernels/mean/prefix_mean.hpp.
#include "kernels/mean/prefix_mean.hpp"

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr PrefixMeanTuning tuning{};

struct Plan : PrefixMean<tuning> {
  Plan(const Problem& problem, const Machine& machine) : Plan(SequenceAxes(problem), problem, machine) {}
  Plan(const SequenceAxes& x, const Problem& problem, const Machine& machine)
      : PrefixMean(x.B, x.T, x.C, problem.threads, machine) {}

  void run(const float* const* inputs, float* y, void* scratch) const {
    PrefixMean::run(inputs[0], y, scratch);
  }
};

}  // namespace

extern const Implementation prefix_mean = {
    .idea = "one pass of running sums in registers, in blocks, for accuracy",
    .flops = {.per_output = 2},  // an addition and a division; adding the carry is its own affair
    .sum_block = tuning.block_rows,
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
