// An exponential that errs by 3e-6, 50 roundings, in a loop that only rows of 64 and more logits reach. There
// the bound for ordinary data allows more roundings than that.
#include "weights.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  with_weights(problem, inputs, y, static_cast<float*>(workspace),
               [](std::int64_t t, const float* logits, float* weights) {
                 const float m = largest_of(logits, t + 1);
                 float sum = exponentials(logits, weights, t + 1, m);
                 for (std::int64_t k = 0; k < (t + 1) / 64 * 64; ++k) {
                   const float right = weights[k];
                   if (logits[k] < m) weights[k] *= 1 + 3e-6f;
                   sum += weights[k] - right;
                 }
                 divide(weights, t + 1, sum);
               });
}

}  // namespace

extern const Implementation coarse_exp_in_long_rows = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
