// The definition, as one writes it for a row: the largest logit, the exponentials and their sum, the
// quotients.
//
// Cost: T (T + 1) / 2 exponentials of the C library, each with a comparison, a subtraction, an addition and a
// division, all in scalar code: no compiler vectorises the library's exp without -ffast-math. Of W the lower
// triangle is read, P is written, read and written again.
#include <cmath>

#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  const std::int64_t T = problem.sizes[0];
  const float* W = inputs[0];
  for (std::int64_t t = 0; t < T; ++t, W += T, P += T) {
    float largest = W[0];
    for (std::int64_t k = 1; k <= t; ++k)
      if (W[k] > largest) largest = W[k];
    float sum = 0;
    for (std::int64_t k = 0; k <= t; ++k) {
      P[k] = std::exp(W[k] - largest);
      sum += P[k];
    }
    for (std::int64_t k = 0; k <= t; ++k) P[k] /= sum;
    for (std::int64_t k = t + 1; k < T; ++k) P[k] = 0;
  }
}

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: three loops over each row, the C library's exp",
    .flops = {.per_term = flops_of_exponential + 4},
    .one_thread = true,
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
