// The definition, as the notebooks write it: for every position, walk over its whole past.
//
// Cost: B C T (T - 1) / 2 additions and B T C divisions; x is read about T / 2 times over, mostly from the
// caches. Roundings: t additions and a division, t + 1 in all.
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b) {
    const float* x = inputs[0] + b * T * C;
    for (std::int64_t t = 0; t < T; ++t, y += C) {
      for (std::int64_t c = 0; c < C; ++c) y[c] = x[c];
      for (std::int64_t k = 1; k <= t; ++k)
        for (std::int64_t c = 0; c < C; ++c) y[c] += x[k * C + c];
      for (std::int64_t c = 0; c < C; ++c) y[c] /= static_cast<float>(t + 1);
    }
  }
}

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: every position sums its whole past, O(T^2)",
    .flops = {.per_term = 1},
    .one_thread = true,
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
