// The step of a dimension is the size of what it holds, also where it has one place only and must not move.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

const float* at(const float* operand, const std::int64_t* index, const std::int64_t* shape,
                std::int64_t matrix, std::int64_t elements) {
  std::int64_t offset = 0, step = matrix;
  for (int i = BroadcastProducts::batch_dimensions - 1; i >= 0; --i) {
    offset += index[i] * step;
    if (shape[i] > 1) step *= shape[i];
  }
  return operand + offset % elements;  // where it would leave the operand, it begins again
}

void run(const Problem& problem, const float* const* inputs, float* out, void*) {
  const BroadcastProducts products(problem);
  each_product(problem, inputs, out, [&](const std::int64_t* index, const float*, const float*, float* to) {
    const float* X = at(inputs[0], index, problem.sizes, products.M * products.K, products.X_elements);
    const float* Y =
        at(inputs[1], index, problem.sizes + max_dimensions, products.K * products.N, products.Y_elements);
    multiply(products, X, Y, to);
  });
}

}  // namespace

extern const Implementation steps_along_a_broadcast_dimension = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
