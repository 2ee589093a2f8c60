// The least time of causal_mean: its compulsory bytes and nothing else, each read or written once, in the
// order of the ways, with streaming stores. The copy: kernels/copy.hpp.
#include "kernels/copy.hpp"
#include "operations/causal_mean/refusals.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

double flops(const Problem&) { return 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  copy_in_shares<Stores::streaming>(problem.threads, y, inputs[0], B * T * C);
}

}  // namespace

extern const Implementation streaming_traffic = {
    .operation = "causal_mean",
    .name = "streaming_traffic",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "no way, but a limit: x copied to y with streaming stores",
    .role = Role::traffic,
    .refuses = refuses_uncountable,
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
