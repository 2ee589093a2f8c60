// The weighted mean as Eigen's users would compute it: the softmax by array expressions, then the product of
// the weights with each matrix of the batch, as a triangularView or, with zeros above the diagonal, dense.
#include "peers/eigen/causal_softmax.hpp"
#include "peers/triangle.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

ConstView weights_of(const Problem& problem, const float* W, void* weights) {
  causal_softmax(W, static_cast<float*>(weights), SequenceAxes(problem).T);
  return square(problem, weights);
}

void run_dense(const Problem& problem, const float* const* inputs, float* y, void* weights) {
  multiply_each(problem, weights_of(problem, inputs[0], weights), inputs[1], y);
}

void run_triangular(const Problem& problem, const float* const* inputs, float* y, void* weights) {
  const ConstView P = weights_of(problem, inputs[0], weights);
  multiply_each(problem, P.triangularView<Eigen::Lower>(), inputs[1], y);
}

constexpr Implementation dense = {
    .idea =
        "Eigen is asked for the softmax of each row, and the dense product of the weights with each matrix",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .one_thread = true,
    .kernel = kernel_of_functions<run_dense, triangle_bytes, fill_zeros>(),
};

constexpr Implementation triangular = {
    .idea =
        "Eigen is asked for the softmax of each row, and the product of the weights, as a triangularView, "
        "with each matrix",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .one_thread = true,
    .kernel = kernel_of_functions<run_triangular, triangle_bytes, fill_zeros>(),
};

constexpr Variant variants[] = {
    {"causal_weighted_mean", "eigen_softmax_dense", std::nullopt, &dense},
    {"causal_weighted_mean", "eigen_softmax_triangular", std::nullopt, &triangular}};

}  // namespace

extern const EigenVariants compiled = {variants, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
