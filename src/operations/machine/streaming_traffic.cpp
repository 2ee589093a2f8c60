// The least time of a copy: its compulsory bytes and nothing else, each read or written once, in the order of
// the ways, with streaming stores. The copy: kernels/copy.hpp.
#include "kernels/copy.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

double flops(const Problem&) { return 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  copy_in_shares<Stores::streaming>(problem.threads, y, inputs[0], problem.sizes[0]);
}

}  // namespace

extern const Implementation streaming_traffic = {
    .operation = "machine",
    .name = "streaming_traffic",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "no way, but a limit: x copied to y with streaming stores",
    .role = Role::traffic,
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::machine
