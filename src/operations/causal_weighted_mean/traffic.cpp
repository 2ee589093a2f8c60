// The least time of causal_weighted_mean: its compulsory bytes and nothing else, W's lower triangle and x
// read once, y written once, with ordinary stores. The moving: kernels/triangle_traffic.hpp.
#include "kernels/triangle_traffic.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

double flops(const Problem&) { return 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  move_triangle_and_copy<Stores::ordinary>(problem.threads, inputs[0], T, y, inputs[1], B * T * C);
}

}  // namespace

extern const Implementation traffic = {
    .operation = "causal_weighted_mean",
    .name = "traffic",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "no way, but a limit: the triangle read, x copied to y with ordinary stores",
    .role = Role::traffic,
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
