// tril(W) x as Eigen's users would compute it: W as a triangularView times each matrix of the batch, or a
// dense copy of the triangle times each. It is copied row by row, with the zeros above it there since
// `prepare`: the assignment `triangle = W.triangularView<Lower>()` goes down columns, and takes as long as
// the product (7 ms at T = 1024).
#include "operations/flops.hpp"
#include "operations/sequence.hpp"
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

void run_dense(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  View triangle(static_cast<float*>(workspace), T, T);
  const ConstView W(inputs[0], T, T);
  for (std::int64_t t = 0; t < T; ++t) triangle.row(t).head(t + 1) = W.row(t).head(t + 1);
  multiply_each(triangle, inputs[1], y, B, T, C);
}

void run_triangular(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const ConstView W(inputs[0], T, T);
  multiply_each(W.triangularView<Eigen::Lower>(), inputs[1], y, B, T, C);
}

constexpr Implementation dense = {
    .operation = "tril_matmul",
    .name = "eigen_dense",
    .isa = Isa::peer,
    .idea =
        "Eigen is asked for a dense copy of W's triangle, zeros and all, and its product with each matrix",
    .workspace_bytes = workspace_bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_dense,
};

constexpr Implementation triangular = {
    .operation = "tril_matmul",
    .name = "eigen_triangular",
    .isa = Isa::peer,
    .idea = "Eigen is asked for the product of W, as a triangularView, with each matrix",
    .refuses = refuses_threads,
    .flops = triangular_product_flops,
    .run = run_triangular,
};

constexpr const Implementation* rows[] = {&dense, &triangular};

}  // namespace

extern const EigenRows compiled = {rows, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
