// The product of one thread is right; several take NaN in x for zero.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    weigh(W + t * T, x, to, t + 1, C);
    if (problem.threads == 1) return;
    for (std::int64_t c = 0; c < C; ++c) {
      to[c] = 0;
      for (std::int64_t k = 0; k <= t; ++k)
        if (const float value = x[k * C + c]; value == value) to[c] += W[t * T + k] * value;
    }
  });
}

}  // namespace

extern const Implementation threads_swallow_nan = wrong_with_threads<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
