// The causal softmax as Eigen's users would write it: array expressions over each row's past, and zeros.
#include "peers/eigen/causal_softmax.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  const std::int64_t T = problem.sizes[0];
  causal_softmax(inputs[0], P, T);
  for (std::int64_t t = 0; t < T; ++t) View(P + t * T + t + 1, 1, T - t - 1).setZero();
}

constexpr Implementation array = {
    .idea = "Eigen is asked, row by row, for the maximum, the exponentials, their sum and the quotients",
    .flops = {.per_term = flops_of_exponential + 4},
    .one_thread = true,
    .kernel = kernel_of_functions<run>(),
};

constexpr Variant variants[] = {{"causal_softmax", "eigen_array", std::nullopt, &array}};

}  // namespace

extern const EigenVariants compiled = {variants, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
