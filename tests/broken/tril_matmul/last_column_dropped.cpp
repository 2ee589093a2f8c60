// Leaves the last column as it was, as a vector that does not fit.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    const float kept = to[C - 1];
    weigh(W + t * T, x, to, t + 1, C);
    to[C - 1] = kept;
  });
}

}  // namespace

extern const Implementation last_column_dropped = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
