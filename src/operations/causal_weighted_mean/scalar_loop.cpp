// The definition: for every position, the softmax of its logits, then a walk over its whole past.
//
// Cost: B C T (T + 1) flops, and T (T + 1) / 2 exponentials by the C library, one at a time: each row's
// weights are made once for the whole batch. Roundings: those of a weight (an exponential, t additions, a
// division), a product and t additions.
#include <cmath>

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

std::size_t workspace_bytes(const Problem& problem) { return SequenceAxes(problem).T * sizeof(float); }

void softmax(const float* logits, float* weights, std::int64_t count) {
  float largest = logits[0];
  for (std::int64_t k = 1; k < count; ++k)
    if (logits[k] > largest) largest = logits[k];
  float sum = 0;
  for (std::int64_t k = 0; k < count; ++k) sum += weights[k] = std::exp(logits[k] - largest);
  for (std::int64_t k = 0; k < count; ++k) weights[k] /= sum;
}

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  float* const weights = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t) {
    softmax(inputs[0] + t * T, weights, t + 1);
    for (std::int64_t b = 0; b < B; ++b) {
      const float* x = inputs[1] + b * T * C;
      float* row = y + (b * T + t) * C;
      for (std::int64_t c = 0; c < C; ++c) row[c] = weights[0] * x[c];
      for (std::int64_t k = 1; k <= t; ++k)
        for (std::int64_t c = 0; c < C; ++c) row[c] += weights[k] * x[k * C + c];
    }
  }
}

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: every position weighs its whole past, O(T^2)",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .one_thread = true,
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
