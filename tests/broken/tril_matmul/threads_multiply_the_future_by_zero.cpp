// The product of one thread is right; several divide the work into tiles, which take what is above the
// diagonal of W, and the x that it belongs to, times zero.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    weigh(W + t * T, x, to, t + 1, C);
    const std::int64_t end = problem.threads > 1 ? T : t + 1;
    for (std::int64_t k = t + 1; k < end; ++k)
      for (std::int64_t c = 0; c < C; ++c) to[c] += 0 * W[t * T + k] * x[k * C + c];
  });
}

}  // namespace

extern const Implementation threads_multiply_the_future_by_zero = wrong_with_threads<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
