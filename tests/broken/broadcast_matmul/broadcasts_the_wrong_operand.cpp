// The steps of the two operands are exchanged: the index that belongs to X moves Y, and the other way round.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

/// Stays in the operand, as a kernel would that was tested on equal sizes.
const float* at(const float* operand, std::int64_t offset, std::int64_t elements) {
  return operand + offset % elements;
}

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  each_product(problem, inputs, out, [&](const std::int64_t*, const float* X, const float* Y, float* to) {
    const std::int64_t size_of_X = products.M * products.K, size_of_Y = products.K * products.N;
    const std::int64_t index_of_X = (X - inputs[0]) / size_of_X;
    const std::int64_t index_of_Y = (Y - inputs[1]) / size_of_Y;
    multiply(products, at(inputs[0], index_of_Y * size_of_X, products.X_elements),
             at(inputs[1], index_of_X * size_of_Y, products.Y_elements), to);
  });
}

}  // namespace

extern const Implementation broadcasts_the_wrong_operand = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
