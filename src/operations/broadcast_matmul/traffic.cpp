// The least time of broadcast_matmul: its compulsory bytes and nothing else, X and Y read once, the output
// written once, with ordinary stores. The moving: kernels/product_traffic.hpp.
#include "kernels/product_traffic.hpp"
#include "operations/broadcast_matmul/products.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

double flops(const Problem&) { return 0; }

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  read_and_fill<Stores::ordinary>(problem.threads, inputs[0], products.X_elements, inputs[1],
                                  products.Y_elements, out, products.elements);
}

}  // namespace

extern const Implementation traffic = {
    .operation = "broadcast_matmul",
    .name = "traffic",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "no way, but a limit: X and Y read, the output written with ordinary stores",
    .role = Role::traffic,
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
