// The mean as Eigen's users would compute it: a product with the normalised lower triangle, dense or told
// that it is a triangle, one matrix of the batch after the other. Preparation builds the triangle.
#include "peers/eigen/library.hpp"
#include "peers/triangle.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

void prepare(const Problem& problem, void* triangle) {
  set_threads(problem);
  fill_normalised_triangle(problem, triangle);
}

void run_dense(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  multiply_each(problem, square(problem, triangle), inputs[0], y);
}

void run_triangular(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  multiply_each(problem, square(problem, triangle).triangularView<Eigen::Lower>(), inputs[0], y);
}

constexpr Implementation dense = {
    .idea =
        "Eigen is asked for the dense product of the normalised triangle, zeros and all, with each matrix",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_dense, triangle_bytes, prepare>(),
};

constexpr Implementation triangular = {
    .idea =
        "Eigen is asked for the product of the normalised triangle, as a triangularView, with each matrix",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run_triangular, triangle_bytes, prepare>(),
};

constexpr Variant variants[] = {{"causal_mean", "eigen_dense", std::nullopt, &dense},
                                {"causal_mean", "eigen_triangular", std::nullopt, &triangular}};

}  // namespace

extern const EigenVariants compiled = {variants, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
