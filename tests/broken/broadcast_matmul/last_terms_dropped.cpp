// Terms are taken four at a time, and what is left at the end of K not at all.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  each_product(problem, inputs, out, [&](const std::int64_t*, const float* X, const float* Y, float* to) {
    multiply_part(products, X, Y, to, products.M, products.N, products.K / 4 * 4);
  });
}

}  // namespace

extern const Implementation last_terms_dropped = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
