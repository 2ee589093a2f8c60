// flash with any tiles.
#pragma once

#include "kernels/attention/flash.hpp"
#include "operations/attention.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {

template <FlashTuning tuning>
constexpr Implementation tuned() {
  struct Plan : FlashAttention<tuning> {
    Plan(const Problem& problem, const Machine& machine)
        : Plan(AttentionAxes(problem), problem.threads, machine) {}
    Plan(const AttentionAxes& axes, int threads, const Caches& caches)
        : FlashAttention<tuning>(axes.B * axes.H, axes.H / axes.H_kv, axes.T, axes.D, threads, caches) {}
  };
  return {.idea = "flash with an odd tuning",
          .flops = {.per_term = 4, .per_weight = flops_of_exponential + 3},
          .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
