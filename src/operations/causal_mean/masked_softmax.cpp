// The notebooks' last step: the triangle as the softmax of masked logits, here zeros. With learned logits in
// their place this is attention, so the softmax and the product are part of every run; `prepare` only lays
// out the logits. The softmax: kernels/row_softmax.hpp. The product: kernels/triangular_gemm.hpp.
#include "kernels/row_softmax.hpp"
#include "kernels/shares.hpp"
#include "kernels/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

// Logits and weights: [T, stride] each; behind them, what each row's result is multiplied with.
std::int64_t stride(const Problem& problem) { return triangle_stride(SequenceAxes(problem).T); }

std::int64_t padded(std::int64_t count) { return (count + lanes - 1) / lanes * lanes; }

std::size_t workspace_bytes(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  const std::int64_t scratch = TriangularGemm<>{B, T, C}.scratch_floats(problem.threads);
  return static_cast<std::size_t>(2 * T * stride(problem) + padded(T) + scratch) * sizeof(float);
}

void prepare(const Problem& problem, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  float* logits = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t, logits += stride(problem)) std::fill_n(logits, t + 1, 0.0f);
}

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const std::int64_t row = stride(problem);
  const float* logits = static_cast<const float*>(workspace);
  float* weights = static_cast<float*>(workspace) + T * row;
  float* share = weights + T * row;
  float* scratch = share + padded(T);
  parallel(problem.threads, [&, B = B, T = T, C = C](Team team) {
    team.each_part(problem.threads, [&](int part) {
      const std::int64_t end = triangle_share(1, T, 1, part + 1, problem.threads);
      for (std::int64_t t = triangle_share(1, T, 1, part, problem.threads); t < end; ++t)
        share[t] = 1.0f / row_softmax(logits + t * row, weights + t * row, t + 1);
    });
    team.barrier();
    TriangularGemm<>{B, T, C}.run(team, problem.threads, {weights, row, share}, inputs[0], y, scratch);
  });
}

}  // namespace

extern const Implementation masked_softmax = {
    .idea = "the softmax of masked logits, then the product: what attention does with learned logits",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of_functions<run, workspace_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
