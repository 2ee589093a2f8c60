// The weighted mean as Eigen's users would compute it: the softmax by array expressions, then the product of
// the weights with each matrix of the batch, as a triangularView or, with zeros above the diagonal, dense.
#include "operations/flops.hpp"
#include "operations/sequence.hpp"
#include "peers/eigen/causal_softmax.hpp"
#include "peers/eigen/library.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(SequenceAxes(problem).T);
  return T * T * sizeof(float);
}

void prepare(const Problem& problem, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  set_threads(problem);
  View(static_cast<float*>(workspace), T, T).setZero();
}

ConstView weights_of(const Problem& problem, const float* W, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  float* const P = static_cast<float*>(workspace);
  causal_softmax(W, P, T);
  return {P, T, T};
}

void run_dense(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  multiply_each(weights_of(problem, inputs[0], workspace), inputs[1], y, B, T, C);
}

void run_triangular(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const ConstView P = weights_of(problem, inputs[0], workspace);
  multiply_each(P.triangularView<Eigen::Lower>(), inputs[1], y, B, T, C);
}

constexpr Implementation dense = {
    .operation = "causal_weighted_mean",
    .name = "eigen_softmax_dense",
    .isa = Isa::peer,
    .idea =
        "Eigen is asked for the softmax of each row, and the dense product of the weights with each matrix",
    .refuses = refuses_threads,
    .workspace_bytes = workspace_bytes,
    .flops = weighted_mean_flops,
    .prepare = prepare,
    .run = run_dense,
};

constexpr Implementation triangular = {
    .operation = "causal_weighted_mean",
    .name = "eigen_softmax_triangular",
    .isa = Isa::peer,
    .idea =
        "Eigen is asked for the softmax of each row, and the product of the weights, as a triangularView, "
        "with each matrix",
    .refuses = refuses_threads,
    .workspace_bytes = workspace_bytes,
    .flops = weighted_mean_flops,
    .prepare = prepare,
    .run = run_triangular,
};

constexpr const Implementation* rows[] = {&dense, &triangular};

}  // namespace

extern const EigenRows compiled = {rows, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
