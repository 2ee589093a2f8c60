// Terms are added up in two halves. In the second, the last vector of four columns begins early, to be a
// whole one: what it shares with the vector before gets its terms twice.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  const std::int64_t M = products.M, N = products.N, half = products.K / 2;
  each_product(problem, inputs, out, [&](const std::int64_t*, const float* X, const float* Y, float* to) {
    multiply_part(products, X, Y, to, M, N, half);
    for (std::int64_t m = 0; m < M; ++m)
      for (std::int64_t first = 0; first < N; first += 4) {
        const std::int64_t begin = N < 4 ? 0 : first + 4 <= N ? first : N - 4;
        for (std::int64_t n = begin; n < begin + 4 && n < N; ++n)
          for (std::int64_t k = half; k < products.K; ++k)
            to[m * N + n] += X[m * products.K + k] * Y[k * N + n];
      }
  });
}

}  // namespace

extern const Implementation overlap_added_twice = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
