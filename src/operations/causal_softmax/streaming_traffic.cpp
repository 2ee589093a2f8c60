// The least time of causal_softmax: its compulsory bytes and nothing else, in the order of the ways, with
// streaming stores: of W the lower triangle is read, all of P is written. kernels/triangle_copy.hpp
#include "kernels/triangle_copy.hpp"
#include "operations/causal_softmax/sizes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

double flops(const Problem&) { return 0; }

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  copy_triangle<Stores::streaming>(problem.threads, P, inputs[0], softmax_length(problem));
}

}  // namespace

extern const Implementation streaming_traffic = {
    .operation = "causal_softmax",
    .name = "streaming_traffic",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "no way, but a limit: the lower triangle copied, zeros above, with streaming stores",
    .role = Role::traffic,
    .refuses = refuses_long_rows,
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
