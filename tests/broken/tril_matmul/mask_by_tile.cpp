// Masks by tiles of four rows: a tile on the diagonal is taken whole.
#include <algorithm>

#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  each_row(problem, inputs[1], y, [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
    weigh(W + t * T, x, to, std::min(T, (t / 4 + 1) * 4), C);
  });
}

}  // namespace

extern const Implementation mask_by_tile = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
