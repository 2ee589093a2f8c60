// Products in register tiles, one after the other along the broadcast dimensions. The product:
// kernels/batched_gemm.hpp. Which meets which: kernels/product_batch.hpp.
#include "kernels/batched_gemm.hpp"
#include "operations/broadcast_matmul/batch.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

BatchedGemm<> plan(const Problem& problem) { return BatchedGemm<>(batch_of(problem)); }

std::size_t workspace_bytes(const Problem& problem) {
  return static_cast<std::size_t>(problem.threads * plan(problem).scratch_floats()) * sizeof(float);
}

void run(const Problem& problem, const float* const* inputs, float* out, void* workspace) {
  const BatchedGemm<> gemm = plan(problem);
  parallel(problem.threads, [&](Team team) {
    gemm.run(team, problem.threads, inputs[0], inputs[1], out, static_cast<float*>(workspace));
  });
}

}  // namespace

extern const Implementation batched_gemm = {
    .idea = "products in register tiles, whatever is broadcast read where it lies",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
