// How Eigen's users compute what the suite computes: one matrix of a batch after the other, a triangle as a
// triangularView or, with zeros above the diagonal, as a dense matrix; softmaxes as array expressions, row by
// row.
#include <Eigen/Core>

#include "operations/broadcast_matmul/products.hpp"
#include "peers/eigen/variants.hpp"
#include "peers/triangle.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<Matrix>;
using ConstView = Eigen::Map<const Matrix>;

/// In the preparation of all that computes dense products; Eigen does the rest on one thread.
void set_threads(const Problem& problem) { Eigen::setNbThreads(problem.threads); }

/// A matrix [T, T].
ConstView square(const Problem& problem, const void* W) {
  const std::int64_t T = SequenceAxes(problem).T;
  return {static_cast<const float*>(W), T, T};
}

/// For a triangle that is multiplied as a dense matrix: what will lie above it.
void fill_zeros(const Problem& problem, void* W) {
  const std::int64_t T = SequenceAxes(problem).T;
  set_threads(problem);
  View(static_cast<float*>(W), T, T).setZero();
}

/// y[b] = W x[b] for every matrix of the batch.
template <class Weights>
void multiply_each(const Problem& problem, const Weights& W, const float* x, float* y) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C)
    View(y, T, C).noalias() = W * ConstView(x, T, C);
}

/// The lower triangle of P[T, T]; what lies above it is left as it is.
void softmax_rows(const float* W, float* P, Eigen::Index T) {
  for (Eigen::Index t = 0; t < T; ++t, W += T, P += T) {
    const Eigen::Map<const Eigen::ArrayXf> logits(W, t + 1);
    Eigen::Map<Eigen::ArrayXf> weights(P, t + 1);
    weights = (logits - logits.maxCoeff()).exp();
    weights /= weights.sum();
  }
}

namespace causal_mean {  // a product with the normalised lower triangle

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

}  // namespace causal_mean

namespace tril_matmul {

// Row by row: the assignment `triangle = W.triangularView<Lower>()` goes down columns, and takes as long as
// the product (7 ms at T = 1024).
void run_dense(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  copy_triangle(problem, inputs[0], triangle);
  multiply_each(problem, square(problem, triangle), inputs[1], y);
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

}  // namespace tril_matmul

namespace causal_softmax {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  const std::int64_t T = problem.sizes[0];
  softmax_rows(inputs[0], P, T);
  for (std::int64_t t = 0; t < T; ++t) View(P + t * T + t + 1, 1, T - t - 1).setZero();
}

constexpr Implementation array = {
    .idea = "Eigen is asked, row by row, for the maximum, the exponentials, their sum and the quotients",
    .flops = {.per_term = flops_of_exponential + 4},
    .one_thread = true,
    .kernel = kernel_of_functions<run>(),
};

}  // namespace causal_softmax

namespace causal_weighted_mean {  // the softmax, then the product of the weights

ConstView weights_of(const Problem& problem, const float* W, void* weights) {
  softmax_rows(W, static_cast<float*>(weights), SequenceAxes(problem).T);
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

}  // namespace causal_weighted_mean

namespace broadcast_matmul {  // Eigen chooses by their sizes between a plain loop, and its blocked product

class Plan {
 public:
  Plan(const Problem& problem, const Machine&) : problem_(problem), products_(problem) {}

  void prepare(void*) const { set_threads(problem_); }

  void run(const float* const* inputs, float* output, void*) const {
    const auto M = products_.M, K = products_.K, N = products_.N;
    products_.each(inputs, output, [M, K, N](const float* x, const float* y, float* z) {
      View(z, M, N).noalias() = ConstView(x, M, K) * ConstView(y, K, N);
    });
  }

 private:
  Problem problem_;
  Products products_;
};

constexpr Implementation dense = {
    .idea = "Eigen is asked for each product by itself",
    .flops = {.per_term = 2},
    .kernel = kernel_of<Plan>(),
};

}  // namespace broadcast_matmul

constexpr Variant variants[] = {
    {"broadcast_matmul", "eigen_dense", std::nullopt, &broadcast_matmul::dense},
    {"causal_mean", "eigen_dense", std::nullopt, &causal_mean::dense},
    {"causal_mean", "eigen_triangular", std::nullopt, &causal_mean::triangular},
    {"causal_softmax", "eigen_array", std::nullopt, &causal_softmax::array},
    {"causal_weighted_mean", "eigen_softmax_dense", std::nullopt, &causal_weighted_mean::dense},
    {"causal_weighted_mean", "eigen_softmax_triangular", std::nullopt, &causal_weighted_mean::triangular},
    {"tril_matmul", "eigen_dense", std::nullopt, &tril_matmul::dense},
    {"tril_matmul", "eigen_triangular", std::nullopt, &tril_matmul::triangular},
};

}  // namespace

extern const EigenVariants compiled = {variants, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
