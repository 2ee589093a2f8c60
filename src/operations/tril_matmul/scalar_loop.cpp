// The definition: for every position, walk over its whole past.
//
// Cost: B C T (T + 1) flops, if the first product too is added to something; x is read about T / 2 times
// over, W once for each matrix, mostly from the caches. Roundings: t + 1 products, of which each term sees
// its own, and t additions: t + 1 in all.
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b) {
    const float* W = inputs[0];
    const float* x = inputs[1] + b * T * C;
    for (std::int64_t t = 0; t < T; ++t, W += T, y += C) {
      for (std::int64_t c = 0; c < C; ++c) y[c] = W[0] * x[c];
      for (std::int64_t k = 1; k <= t; ++k)
        for (std::int64_t c = 0; c < C; ++c) y[c] += W[k] * x[k * C + c];
    }
  }
}

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: every position sums its whole past, O(T^2)",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
