// The notebooks' trick: the mean as one product with a normalised lower triangle, W[t, k] = 1 / (t + 1) for k
// <= t. The product: kernels/triangular_gemm.hpp. The triangle depends on the sizes alone, so `prepare`
// builds it.
#include "kernels/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

std::int64_t row_of_W(const Problem& problem) { return triangle_stride(SequenceAxes(problem).T); }

std::size_t workspace_bytes(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  const std::int64_t scratch = TriangularGemm<>{B, T, C}.scratch_floats(problem.threads);
  return static_cast<std::size_t>(T * row_of_W(problem) + scratch) * sizeof(float);
}

void prepare(const Problem& problem, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  float* W = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t, W += row_of_W(problem))
    std::fill_n(W, t + 1, 1.0f / static_cast<float>(t + 1));
}

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  float* const W = static_cast<float*>(workspace);
  float* const scratch = W + T * row_of_W(problem);
  parallel(problem.threads, [&, B = B, T = T, C = C](Team team) {
    TriangularGemm<>{B, T, C}.run(team, problem.threads, {W, row_of_W(problem)}, inputs[0], y, scratch);
  });
}

}  // namespace

extern const Implementation tril_gemm = {
    .idea = "a product with the normalised lower triangle, in register tiles that stop at the diagonal",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run, workspace_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
