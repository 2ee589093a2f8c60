// One product with the given lower triangle, W where it lies: its rows are T floats apart, and what is above
// the diagonal is never read. The product: kernels/triangular_gemm.hpp.
#include "kernels/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return static_cast<std::size_t>(TriangularGemm<>{B, T, C}.scratch_floats(problem.threads)) * sizeof(float);
}

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  parallel(problem.threads, [&, B = B, T = T, C = C](Team team) {
    TriangularGemm<>{B, T, C}.run(team, problem.threads, {inputs[0], T}, inputs[1], y,
                                  static_cast<float*>(workspace));
  });
}

}  // namespace

extern const Implementation tril_gemm = {
    .idea = "a product with the lower triangle, in register tiles that stop at the diagonal",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
