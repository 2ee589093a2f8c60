// Implementations like prefix_mean with any tuning, on machines that do not exist.
#pragma once

#include "kernels/mean/prefix_mean.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {

constexpr Caches caches_of(std::int64_t L2, std::int64_t past_caches) {
  Caches caches;
  caches.L2 = L2;
  caches.past_caches = past_caches;
  return caches;
}

template <PrefixMeanTuning tuning, Caches caches>
struct TunedPlan : SequencePlan<PrefixMean<tuning>> {
  TunedPlan(const Problem& problem, const Machine&) : SequencePlan<PrefixMean<tuning>>(problem, caches) {}
};

template <PrefixMeanTuning tuning, Caches caches>
constexpr Implementation tuned_prefix_mean(Kernel::Refuses refuses = nullptr) {
  return {.idea = "prefix_mean with an odd tuning",
          .sum_block = tuning.block_rows,
          .kernel = kernel_of<TunedPlan<tuning, caches>>(refuses)};
}

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
