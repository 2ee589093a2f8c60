// Leaves out the last row, as a tile that does not fit.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    if (t < T - 1) weigh(W + t * T, x, to, t + 1, C);
  });
}

}  // namespace

extern const Implementation last_row_dropped = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
