// The definition: each head's query times all keys of its cache, the softmax, and the mean of the values.
//
// Cost: B H T times 4 D flops and one exponential by the C library; each cache is read once for every query
// of its group. Roundings: those of causal_attention's last row.
#include <cmath>

#include "operations/attention_decode/cache.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {
namespace {

std::size_t scratch_bytes(const Problem& problem) { return DecodeAxes(problem).T * sizeof(float); }

void run(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  const DecodeAxes axes(problem);
  const std::int64_t T = axes.T, D = axes.D;
  const auto scale = static_cast<float>(attention_scale(D));
  float* const weights = static_cast<float*>(scratch);
  const float* q = inputs[0];
  for (std::int64_t head = 0; head < axes.B * axes.H; ++head, q += D, y += D) {
    const float* const k = inputs[1] + axes.kv_head(head) * axes.capacity() * D;
    const float* const v = inputs[2] + axes.kv_head(head) * axes.capacity() * D;
    float largest = -INFINITY;
    for (std::int64_t j = 0; j < T; ++j) {
      float product = 0;
      for (std::int64_t d = 0; d < D; ++d) product += q[d] * k[j * D + d];
      weights[j] = scale * product;
      if (weights[j] > largest) largest = weights[j];
    }
    float sum = 0;
    for (std::int64_t j = 0; j < T; ++j) sum += weights[j] = std::exp(weights[j] - largest);
    for (std::int64_t d = 0; d < D; ++d) y[d] = 0;
    for (std::int64_t j = 0; j < T; ++j)
      for (std::int64_t d = 0; d < D; ++d) y[d] += weights[j] / sum * v[j * D + d];
  }
}

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: a query times all keys of its cache, the softmax, the values' mean",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .one_thread = true,
    .kernel = kernel_of_functions<run, scratch_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
