// fused with any tiles, on a machine with any caches.
#pragma once

#include "kernels/attention/weighted_mean.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

template <TileTuning tuning, std::int64_t L1, std::int64_t L2>
constexpr Implementation tuned() {
  struct Plan : SequencePlan<WeightedMean<tuning>> {
    Plan(const Problem& problem, const Machine&)
        : SequencePlan<WeightedMean<tuning>>(problem, Machine{.L1 = L1, .L2 = L2}) {}
  };
  return {.idea = "fused with an odd tuning",
          .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
          .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
