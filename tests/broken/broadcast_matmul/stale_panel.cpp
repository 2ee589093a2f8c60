// Y is packed anew only when the outer dimensions move: right where the innermost one is broadcast in Y.
#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  const BroadcastProducts products(problem);
  return static_cast<std::size_t>(products.K * products.N) * sizeof(float);
}

void run(const Problem& problem, const float* const* inputs, float* out, void* workspace) {
  const BroadcastProducts products(problem);
  float* const panel = static_cast<float*>(workspace);
  each_product(problem, inputs, out,
               [&](const std::int64_t* index, const float* X, const float* Y, float* to) {
                 if (index[BroadcastProducts::batch_dimensions - 1] == 0)
                   for (std::int64_t i = 0; i < products.K * products.N; ++i) panel[i] = Y[i];
                 multiply(products, X, panel, to);
               });
}

}  // namespace

extern const Implementation stale_panel = wrong<run, workspace_bytes>;

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
