// The definition: for every product, every row and every term, walk over the columns.
//
// Cost: 2 M K N flops a product, if the first term too is added to something; a matrix Y is read once for
// each row of X that it meets, mostly from the caches. Roundings: K products, of which each term sees its
// own, and K - 1 additions: K in all.
#include "operations/broadcast_matmul/products.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

struct Plan {
  Plan(const Problem& problem, const Machine&) : products(problem) {}

  void run(const float* const* inputs, float* output, void*) const {
    const std::int64_t M = products.M, K = products.K, N = products.N;
    products.each(inputs, output, [M, K, N](const float* X, const float* Y, float* out) {
      for (std::int64_t m = 0; m < M; ++m, X += K, out += N) {
        for (std::int64_t n = 0; n < N; ++n) out[n] = X[0] * Y[n];
        for (std::int64_t k = 1; k < K; ++k)
          for (std::int64_t n = 0; n < N; ++n) out[n] += X[k] * Y[k * N + n];
      }
    });
  }

  Products products;
};

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: every product row by row, term by term",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
