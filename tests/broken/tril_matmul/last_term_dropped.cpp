// In tiles of the second half of the sequence only the first row takes its last product.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    weigh(W + t * T, x, to, t + 1 - (t > T / 2 && t % 4 != 0), C);
  });
}

}  // namespace

extern const Implementation last_term_dropped = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
