// One pass of running sums in lanes: the traffic of a copy. The method, its cost and its accuracy:
// kernels/mean/prefix_mean.hpp.
#include "kernels/mean/prefix_mean.hpp"

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {

extern const Implementation prefix_mean = {
    .idea = "one pass of running sums in registers, in blocks, for accuracy",
    .flops = {.per_output = 2},  // an addition and a division; adding the carry is its own affair
    .sum_block = PrefixMeanTuning{}.block_rows,
    .kernel = kernel_of<SequencePlan<PrefixMean<>>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
