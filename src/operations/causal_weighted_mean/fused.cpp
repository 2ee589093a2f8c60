// The weights made once for the whole batch, just before their use where that pays, and left unnormalised:
// one division for each row. The method and its cost: kernels/attention/weighted_mean.hpp.
#include "kernels/attention/weighted_mean.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

extern const Implementation fused = {
    .idea = "weights made once for the whole batch and left unnormalised: one division for each row",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<SequencePlan<WeightedMean<>>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
