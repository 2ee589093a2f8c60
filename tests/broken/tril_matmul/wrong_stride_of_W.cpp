// Takes the rows of W for one element shorter than they are.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    weigh(W + t * (T - 1), x, to, t + 1, C);
  });
}

}  // namespace

extern const Implementation wrong_stride_of_W = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
