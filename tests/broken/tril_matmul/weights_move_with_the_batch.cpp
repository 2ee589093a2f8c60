// The second matrix of the batch meets the weights one row further down.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y,
           [&, T = T, C = C](const float* x, float* to, std::int64_t b, std::int64_t t) {
             weigh(W + (t + b) % T * T, x, to, t + 1, C);
           });
}

}  // namespace

extern const Implementation weights_move_with_the_batch = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
