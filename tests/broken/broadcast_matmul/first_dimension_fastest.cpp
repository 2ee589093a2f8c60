// Writes the products in the order of Fortran: the first dimension of the batch moves fastest.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  each_product(problem, inputs, out, [&](const std::int64_t* index, const float* X, const float* Y, float*) {
    std::int64_t place = 0;
    for (int i = BroadcastProducts::batch_dimensions - 1; i >= 0; --i)
      place = place * products.sizes[i] + index[i];
    multiply(products, X, Y, out + place * products.M * products.N);
  });
}

}  // namespace

extern const Implementation first_dimension_fastest = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
