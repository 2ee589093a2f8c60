// The definition: for every product, every row and every term, walk over the columns.
//
// Cost: 2 M K N flops a product, if the first term too is added to something; a matrix Y is read once for
// each row of X that it meets, mostly from the caches. Roundings: K products, of which each term sees its
// own, and K - 1 additions: K in all.
#include "operations/broadcast_matmul/products.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

void multiply(const BroadcastProducts& products, const float* X, const float* Y, float* out) {
  const std::int64_t M = products.M, K = products.K, N = products.N;
  for (std::int64_t m = 0; m < M; ++m, X += K, out += N) {
    for (std::int64_t n = 0; n < N; ++n) out[n] = X[0] * Y[n];
    for (std::int64_t k = 1; k < K; ++k)
      for (std::int64_t n = 0; n < N; ++n) out[n] += X[k] * Y[k * N + n];
  }
}

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  const std::int64_t size = products.M * products.N;
  std::int64_t at[BroadcastProducts::batch_dimensions] = {};
  const float* X = inputs[0];
  const float* Y = inputs[1];
  for (float* const end = out + products.elements; out != end; out += size) {
    multiply(products, X, Y, out);
    // As an odometer counts: a dimension that has come to its end goes back, and the one before it on.
    for (int i = BroadcastProducts::batch_dimensions - 1; i >= 0; --i) {
      X += products.X_steps[i];
      Y += products.Y_steps[i];
      if (++at[i] < products.sizes[i]) break;
      X -= at[i] * products.X_steps[i];
      Y -= at[i] * products.Y_steps[i];
      at[i] = 0;
    }
  }
}

}  // namespace

extern const Implementation scalar_loop = {
    .idea = "the definition: every product row by row, term by term",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
