// The columns that fill no whole vector of four are left out.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  each_product(problem, inputs, out, [&](const std::int64_t*, const float* X, const float* Y, float* to) {
    multiply_part(products, X, Y, to, products.M, products.N / 4 * 4, products.K);
  });
}

}  // namespace

extern const Implementation last_columns_dropped = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
