// Two kernels in turn, as a user of a library calls them: the causal softmax P of the logits, normalised,
// into the workspace; then its product with x. The softmax: kernels/row_softmax.hpp. The product:
// kernels/triangular_gemm.hpp.
#include "kernels/finish_row.hpp"
#include "kernels/row_softmax.hpp"
#include "kernels/shares.hpp"
#include "kernels/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

// P: [T, stride]; behind it what the product needs.
std::size_t workspace_bytes(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  const std::int64_t scratch = TriangularGemm<>{B, T, C}.scratch_floats(problem.threads);
  return static_cast<std::size_t>(T * triangle_stride(T) + scratch) * sizeof(float);
}

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const std::int64_t stride = triangle_stride(T);
  float* const P = static_cast<float*>(workspace);
  parallel(problem.threads, [&, B = B, T = T, C = C](Team team) {
    team.each_part(problem.threads, [&](int part) {
      const std::int64_t end = triangle_share(1, T, 1, part + 1, problem.threads);
      for (std::int64_t t = triangle_share(1, T, 1, part, problem.threads); t < end; ++t) {
        float* const p = P + t * stride;
        normalise_row(p, p, t + 1, row_softmax(inputs[0] + t * T, p, t + 1));
      }
    });
    team.barrier();
    TriangularGemm<>{B, T, C}.run(team, problem.threads, {P, stride}, inputs[1], y, P + T * stride);
  });
}

}  // namespace

extern const Implementation softmax_gemm = {
    .idea = "two kernels in turn: the softmax of the triangle, then the product with it",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
