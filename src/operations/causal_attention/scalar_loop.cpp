// The definition: for every query the products with its past keys, their softmax, then a walk over the
// values.
//
// Cost: B H T (T + 1) / 2 times 4 D flops and one exponential by the C library; k and v are read about T / 2
// times over, mostly from the caches. Roundings: a logit's D products and additions and two of the scale;
// those of a weight (a distance, an exponential, t additions, a division), a product and t additions.
#include <cmath>

#include "operations/attention.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

std::size_t scratch_bytes(const Problem& problem) { return AttentionAxes(problem).T * sizeof(float); }

float product(const float* q, const float* k, std::int64_t D) {
  float sum = 0;
  for (std::int64_t d = 0; d < D; ++d) sum += q[d] * k[d];
  return sum;
}

void softmax(float* row, std::int64_t count) {
  float largest = row[0];
  for (std::int64_t k = 1; k < count; ++k)
    if (row[k] > largest) largest = row[k];
  float sum = 0;
  for (std::int64_t k = 0; k < count; ++k) sum += row[k] = std::exp(row[k] - largest);
  for (std::int64_t k = 0; k < count; ++k) row[k] /= sum;
}

void run(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  const AttentionAxes axes(problem);
  const std::int64_t T = axes.T, D = axes.D;
  const auto scale = static_cast<float>(attention_scale(D));
  float* const weights = static_cast<float*>(scratch);
  const float* q = inputs[0];
  for (std::int64_t head = 0; head < axes.B * axes.H; ++head) {
    const float* const k = inputs[1] + axes.kv_head(head) * T * D;
    const float* const v = inputs[2] + axes.kv_head(head) * T * D;
    for (std::int64_t t = 0; t < T; ++t, q += D, y += D) {
      for (std::int64_t j = 0; j <= t; ++j) weights[j] = scale * product(q, k + j * D, D);
      softmax(weights, t + 1);
      for (std::int64_t d = 0; d < D; ++d) y[d] = weights[0] * v[d];
      for (std::int64_t j = 1; j <= t; ++j)
        for (std::int64_t d = 0; d < D; ++d) y[d] += weights[j] * v[j * D + d];
    }
  }
}

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: every query walks over its whole past, O(T^2)",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .one_thread = true,
    .kernel = kernel_of_functions<run, scratch_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
