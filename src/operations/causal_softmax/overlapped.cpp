// Several rows under way at once, so that no latency is waited for and memory is busy while exponentials are
// computed. The methods and what was measured: kernels/softmax/causal_softmax.hpp and what it includes.
#include "kernels/softmax/causal_softmax.hpp"

#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

CausalSoftmax<> plan(const Problem& problem) { return {problem.sizes[0], problem.threads}; }

std::size_t workspace_bytes(const Problem& problem) { return plan(problem).workspace_bytes(); }

void run(const Problem& problem, const float* const* inputs, float* P, void* workspace) {
  plan(problem).run(inputs[0], P, workspace);
}

}  // namespace

extern const Implementation overlapped = {
    .idea = "three passes, several rows under way at once: short rows abreast, long ones in a pipeline",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
