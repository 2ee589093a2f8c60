// The causal softmax as Eigen's users would write it: array expressions over each row's past, and zeros.
#include "peers/eigen/causal_softmax.hpp"

#include "operations/causal_softmax/sizes.hpp"
#include "peers/eigen/library.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  const std::int64_t T = softmax_length(problem);
  causal_softmax(inputs[0], P, T);
  for (std::int64_t t = 0; t < T; ++t) View(P + t * T + t + 1, 1, T - t - 1).setZero();
}

constexpr Implementation array = {
    .operation = "causal_softmax",
    .name = "eigen_array",
    .isa = Isa::peer,
    .idea = "Eigen is asked, row by row, for the maximum, the exponentials, their sum and the quotients",
    .refuses = refuses_threads,
    .flops = three_pass_flops,
    .run = run,
};

constexpr const Implementation* rows[] = {&array};

}  // namespace

extern const EigenRows compiled = {rows, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
