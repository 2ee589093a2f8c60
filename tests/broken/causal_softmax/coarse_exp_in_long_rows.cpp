// An exponential that errs by 3e-6, 50 roundings, in a loop that only rows of 64 and more logits reach. There
// the bound for ordinary data allows more roundings than that.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    const float m = largest_of(logits, t + 1);
    float sum = exponentials(logits, p, t + 1, m);
    for (std::int64_t k = 0; k < (t + 1) / 64 * 64; ++k) {
      const float right = p[k];
      if (logits[k] < m) p[k] *= 1 + 3e-6f;
      sum += p[k] - right;
    }
    divide(p, t + 1, sum);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation coarse_exp_in_long_rows = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
