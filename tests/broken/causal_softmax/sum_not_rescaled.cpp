// Online, but the sum so far is not scaled when the running maximum rises.
#include <cfloat>

#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    float m = -FLT_MAX, sum = 0;
    for (std::int64_t k = 0; k <= t; ++k) {
      if (logits[k] > m) m = logits[k];
      sum += std::exp(logits[k] - m);
    }
    exponentials(logits, p, t + 1, m);
    divide(p, t + 1, sum);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation sum_not_rescaled = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
