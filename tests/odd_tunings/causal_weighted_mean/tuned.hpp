// fused with any tiles, on a machine with any caches.
#pragma once

#include "kernels/attention/weighted_mean.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

template <TileTuning tuning, std::int64_t L1, std::int64_t L2>
constexpr Implementation tuned() {
  struct Plan {
    Plan(const Problem& problem, const Machine&)
        : axes(problem), mean(axes.B, axes.T, axes.C, problem.threads, Machine{.L1 = L1, .L2 = L2}) {}

    std::size_t scratch_bytes() const { return mean.scratch_bytes(); }
    void prepare(void* scratch) const { mean.prepare(scratch); }
    void run(const float* const* inputs, float* y, void* scratch) const {
      mean.run(inputs[0], axes.T, inputs[1], y, scratch);
    }

    SequenceAxes axes;
    WeightedMean<tuning> mean;
  };
  return {.idea = "fused with an odd tuning",
          .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
          .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
