// Asks for room for C sums and uses one more.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

std::size_t workspace_bytes(const Problem& problem) { return SequenceAxes(problem).C * sizeof(float); }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  right_means(problem, inputs[0], y);
  static_cast<float*>(workspace)[SequenceAxes(problem).C] = 1;
}

}  // namespace

extern const Implementation overruns_its_workspace = {
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_output = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
