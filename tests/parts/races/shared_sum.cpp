// A race, for the thread sanitizer to see: every thread of the team adds to the same sum.
#include "kernels/parallel.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::races {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  parallel(problem.threads, [&](Team) { y[0] += inputs[0][0]; });
}

}  // namespace

extern const Implementation shared_sum = {
    .idea = "wrong on purpose: its file says how",
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::races
