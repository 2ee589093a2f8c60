// overlapped with any longest row abreast, on a machine with caches of any size.
#pragma once

#include "kernels/softmax/causal_softmax.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {

template <std::int64_t longest_abreast, std::int64_t past_caches>
constexpr Implementation tuned() {
  struct Plan : CausalSoftmax<longest_abreast> {
    static Caches caches() {
      Caches caches;
      caches.past_caches = past_caches;
      return caches;
    }

    Plan(const Problem& problem, const Machine&)
        : CausalSoftmax<longest_abreast>(problem.sizes[0], problem.threads, caches()) {}
  };
  return {.idea = "overlapped with an odd tuning",
          .flops = {.per_term = flops_of_exponential + 4},
          .kernel = kernel_of<Plan>()};
}

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
