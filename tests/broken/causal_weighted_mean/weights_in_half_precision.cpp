// Keeps the weights in half precision: eleven bits of each.
#include "weights.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  with_weights(problem, inputs, y, static_cast<float*>(workspace),
               [](std::int64_t t, const float* logits, float* weights) {
                 softmax(logits, weights, t);
                 for (std::int64_t k = 0; k <= t; ++k) {
                   const float low_bits = weights[k] * 0x1.0008p13f;
                   weights[k] = low_bits - (low_bits - weights[k]);
                 }
               });
}

}  // namespace

extern const Implementation weights_in_half_precision = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
