// Multiplies what is above the diagonal of W by zero: right as long as it is finite.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    weigh(W + t * T, x, to, t + 1, C);
    for (std::int64_t k = t + 1; k < T; ++k)
      for (std::int64_t c = 0; c < C; ++c) to[c] += 0 * W[t * T + k];
  });
}

}  // namespace

extern const Implementation reads_above_the_diagonal = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
