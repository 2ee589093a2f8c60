// Several rows under way at once, so that no latency is waited for and memory is busy while exponentials are
// computed. The plan: kernels/softmax/causal_softmax.hpp; the methods: rows_abreast.hpp, pipeline.hpp there.
#include "kernels/softmax/causal_softmax.hpp"

#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

struct Plan : CausalSoftmax<> {
  Plan(const Problem& problem, const Machine& machine)
      : CausalSoftmax(problem.sizes[0], problem.threads, machine) {}
};

}  // namespace

extern const Implementation overlapped = {
    .idea = "three passes, several rows under way at once: short rows abreast, long ones in a pipeline",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
