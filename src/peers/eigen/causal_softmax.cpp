// The causal softmax as Eigen's users would write it: array expressions over each row's past, and zeros.
#include "peers/eigen/causal_softmax.hpp"

#include "operations/causal_softmax/sizes.hpp"
#include "peers/eigen/library.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  const std::int64_t T = softmax_length(problem);
  eigen::causal_softmax(inputs[0], P, T);
  for (std::int64_t t = 0; t < T; ++t) eigen::View(P + t * T + t + 1, 1, T - t - 1).setZero();
}

constexpr Implementation array = {
    .operation = "causal_softmax",
    .name = "eigen_array",
    .isa = Isa::peer,
    .idea = "Eigen is asked, row by row, for the maximum, the exponentials, their sum and the quotients",
    .refuses = eigen::refuses_threads,
    .flops = three_pass_flops,
    .run = run,
};

constexpr const Implementation* rows[] = {&array};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
