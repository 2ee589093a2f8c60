// tril(W) x as Eigen's users would compute it: W as a triangularView times each matrix of the batch, or a
// dense copy of the triangle times each. It is copied row by row, with the zeros above it there since the
// preparation: the assignment `triangle = W.triangularView<Lower>()` goes down columns, and takes as long as
// the product (7 ms at T = 1024).
#include "peers/eigen/library.hpp"
#include "peers/triangle.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

void run_dense(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  View triangle(static_cast<float*>(workspace), T, T);
  const ConstView W = square(problem, inputs[0]);
  for (std::int64_t t = 0; t < T; ++t) triangle.row(t).head(t + 1) = W.row(t).head(t + 1);
  multiply_each(problem, triangle, inputs[1], y);
}

void run_triangular(const Problem& problem, const float* const* inputs, float* y, void*) {
  multiply_each(problem, square(problem, inputs[0]).triangularView<Eigen::Lower>(), inputs[1], y);
}

constexpr Implementation dense = {
    .idea =
        "Eigen is asked for a dense copy of W's triangle, zeros and all, and its product with each matrix",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_dense, triangle_bytes, fill_zeros>(),
};

constexpr Implementation triangular = {
    .idea = "Eigen is asked for the product of W, as a triangularView, with each matrix",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run_triangular>(),
};

constexpr Variant variants[] = {{"tril_matmul", "eigen_dense", std::nullopt, &dense},
                                {"tril_matmul", "eigen_triangular", std::nullopt, &triangular}};

}  // namespace

extern const EigenVariants compiled = {variants, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
