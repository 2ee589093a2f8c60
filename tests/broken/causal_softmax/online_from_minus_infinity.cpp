// Online, with a maximum that begins at minus infinity: a row that begins with minus infinity becomes NaN.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    float m = -HUGE_VALF, sum = 0;
    for (std::int64_t k = 0; k <= t; ++k) {
      const float before = m;
      if (!(logits[k] <= m)) m = logits[k];
      sum = sum * std::exp(before - m) + std::exp(logits[k] - m);
    }
    exponentials(logits, p, t + 1, m);
    divide(p, t + 1, sum);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation online_from_minus_infinity = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
