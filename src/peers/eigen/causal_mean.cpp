// The mean as Eigen's users would compute it: a product with the normalised lower triangle, dense or told
// that it is a triangle, one matrix of the batch after the other. `prepare` builds the triangle.
#include "operations/causal_mean/refusals.hpp"
#include "operations/flops.hpp"
#include "operations/sequence.hpp"
#include "peers/eigen/library.hpp"
#include "peers/normalised_triangle.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

const char* refuses_threads_and_uncountable_terms(const Problem& problem) {
  const char* const why = refuses_threads(problem);
  return why ? why : refuses_uncountable(problem);
}

void prepare(const Problem& problem, void* workspace) {
  set_threads(problem);
  normalised_triangle::fill(problem, workspace);
}

void run_dense(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  multiply_each(ConstView(static_cast<const float*>(workspace), T, T), inputs[0], y, B, T, C);
}

void run_triangular(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const ConstView W(static_cast<const float*>(workspace), T, T);
  multiply_each(W.triangularView<Eigen::Lower>(), inputs[0], y, B, T, C);
}

constexpr Implementation dense = {
    .operation = "causal_mean",
    .name = "eigen_dense",
    .isa = Isa::peer,
    .idea =
        "Eigen is asked for the dense product of the normalised triangle, zeros and all, with each matrix",
    .refuses = refuses_uncountable,
    .workspace_bytes = normalised_triangle::bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_dense,
};

constexpr Implementation triangular = {
    .operation = "causal_mean",
    .name = "eigen_triangular",
    .isa = Isa::peer,
    .idea =
        "Eigen is asked for the product of the normalised triangle, as a triangularView, with each matrix",
    .refuses = refuses_threads_and_uncountable_terms,
    .workspace_bytes = normalised_triangle::bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_triangular,
};

constexpr const Implementation* rows[] = {&dense, &triangular};

}  // namespace

extern const EigenRows compiled = {rows, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
