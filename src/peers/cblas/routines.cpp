// How users of BLAS compute what the suite computes. Its products take two matrices, so the matrices of a
// batch come one after the other, but for sgemm_batch, which newer versions have: it is told of all by
// pointers. The product with a triangle, strmm, works in place, so that x is copied first; the dense one,
// sgemm, wants the zeros above the diagonal, which are there since the preparation.
#include <algorithm>
#include <limits>

#include "operations/broadcast_matmul/products.hpp"
#include "peers/cblas/library.hpp"
#include "peers/cblas/routines.hpp"
#include "peers/triangle.hpp"

namespace trilbench::cblas {
namespace {

const char* refuses_sequence(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return refuses(problem, std::max(T, C));
}

/// In every preparation.
void set_threads(const Problem& problem, void* = nullptr) { library().set_num_threads(problem.threads); }

/// c[m, n] = a[m, k] b[k, n], all dense and row-major.
void multiply(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c) {
  const auto rows = static_cast<int>(m), columns = static_cast<int>(n), terms = static_cast<int>(k);
  library().sgemm(row_major, no_transpose, no_transpose, rows, columns, terms, 1.0f, a, terms, b, columns,
                  0.0f, c, columns);
}

/// y[b] = W x[b] for each matrix of the batch, with all of W[T, T].
void multiply_each(const Problem& problem, const void* W, const float* x, float* y) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C)
    multiply(T, C, T, static_cast<const float*>(W), x, y);
}

/// y[b] = tril(W) x[b], in place in a copy of x; what lies above W's diagonal is not read.
void multiply_each_by_triangle(const Problem& problem, const void* W, const float* x, float* y) {
  const auto [B, T, C] = SequenceAxes(problem);
  const auto rows = static_cast<int>(T), columns = static_cast<int>(C);
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C) {
    std::copy_n(x, T * C, y);
    library().strmm(row_major, left, lower, no_transpose, non_unit, rows, columns, 1.0f,
                    static_cast<const float*>(W), rows, y, columns);
  }
}

}  // namespace

namespace causal_mean {  // a product with the normalised lower triangle
namespace {

void prepare(const Problem& problem, void* triangle) {
  set_threads(problem);
  fill_normalised_triangle(problem, triangle);
}

void run_strmm(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  multiply_each_by_triangle(problem, triangle, inputs[0], y);
}

void run_sgemm(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  multiply_each(problem, triangle, inputs[0], y);
}

}  // namespace

extern const Implementation strmm = {
    .idea =
        "the library is asked for the product of the normalised triangle with a copy of each matrix, in "
        "place",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_strmm, triangle_bytes, prepare>(refuses_sequence),
};

extern const Implementation sgemm = {
    .idea =
        "the library is asked for the dense product of the normalised triangle, zeros and all, with each "
        "matrix",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_sgemm, triangle_bytes, prepare>(refuses_sequence),
};

}  // namespace causal_mean

namespace tril_matmul {
namespace {

void run_strmm(const Problem& problem, const float* const* inputs, float* y, void*) {
  multiply_each_by_triangle(problem, inputs[0], inputs[1], y);
}

void prepare(const Problem& problem, void* triangle) {
  set_threads(problem);
  std::fill_n(static_cast<std::byte*>(triangle), triangle_bytes(problem), std::byte{0});
}

void run_sgemm(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  copy_triangle(problem, inputs[0], triangle);
  multiply_each(problem, triangle, inputs[1], y);
}

}  // namespace

extern const Implementation strmm = {
    .idea = "the library is asked for the triangular product of W with a copy of each matrix, in place",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_strmm, nullptr, set_threads>(refuses_sequence),
};

extern const Implementation sgemm = {
    .idea =
        "the library is asked for the dense product of a copy of W's triangle, zeros and all, with each "
        "matrix",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_sgemm, triangle_bytes, prepare>(refuses_sequence),
};

}  // namespace tril_matmul

namespace broadcast_matmul {
namespace {

const char* refuses(const Problem& problem) {
  const Products products(problem);
  return cblas::refuses(problem, std::max({products.M, products.K, products.N}));
}

const char* refuses_batch(const Problem& problem) {
  if (const char* const why = refuses(problem)) return why;
  if (!library().sgemm_batch) return "this library has no cblas_sgemm_batch";
  return Products(problem).count() > std::numeric_limits<int>::max() ? "this BLAS counts with 32 bits"
                                                                     : nullptr;
}

class OneByOne {
 public:
  OneByOne(const Problem& problem, const Machine&) : problem_(problem), products_(problem) {}

  void prepare(void*) const { set_threads(problem_); }

  void run(const float* const* inputs, float* output, void*) const {
    products_.each(inputs, output, [this](const float* x, const float* y, float* z) {
      multiply(products_.M, products_.N, products_.K, x, y, z);
    });
  }

 protected:
  Problem problem_;
  Products products_;
};

class AtOnce : public OneByOne {
 public:
  using OneByOne::OneByOne;

  std::size_t scratch_bytes() const {
    return 3 * static_cast<std::size_t>(products_.count()) * sizeof(float*);
  }

  void run(const float* const* inputs, float* output, void* scratch) const {
    const std::int64_t count = products_.count();
    const float** const of_X = static_cast<const float**>(scratch);
    const float** const of_Y = of_X + count;
    float** const of_Z = static_cast<float**>(scratch) + 2 * count;
    std::int64_t i = 0;
    products_.each(inputs, output, [&](const float* x, const float* y, float* z) {
      of_X[i] = x;
      of_Y[i] = y;
      of_Z[i++] = z;
    });
    const auto rows = static_cast<int>(products_.M), columns = static_cast<int>(products_.N),
               terms = static_cast<int>(products_.K), group_size = static_cast<int>(count);
    const float alpha = 1, beta = 0;
    library().sgemm_batch(row_major, &no_transpose, &no_transpose, &rows, &columns, &terms, &alpha, of_X,
                          &terms, of_Y, &columns, &beta, of_Z, &columns, 1, &group_size);
  }
};

}  // namespace

extern const Implementation sgemm = {
    .idea = "the library is asked for each product by a call of its own",
    .flops = {.per_term = 2},
    .kernel = kernel_of<OneByOne>(refuses),
};

extern const Implementation sgemm_batch = {
    .idea = "the library is asked for all products by one call, with pointers to their matrices",
    .flops = {.per_term = 2},
    .kernel = kernel_of<AtOnce>(refuses_batch),
};

}  // namespace broadcast_matmul

}  // namespace trilbench::cblas
