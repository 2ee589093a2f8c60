// Reads above the diagonal and masks by a product with zero: right until NaN or an infinity stands there.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    const float m = largest_of(logits, t + 1);
    float sum = 0;
    for (std::int64_t k = 0; k < T; ++k) {
      const float kept = k <= t ? 1.0f : 0.0f;
      const float distance = logits[k] - m;
      p[k] = std::exp(kept * distance);
      sum += kept * p[k];
    }
    divide(p, t + 1, sum);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation multiplies_the_future_by_zero = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
