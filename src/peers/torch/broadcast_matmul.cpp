// The products as PyTorch's users would write them: X @ Y. Where the batches have several dimensions, of
// which one is broadcast, it first copies X and Y into batches of its own, for which it allocates.
#include <ATen/ops/matmul.h>

#include <algorithm>
#include <vector>

#include "operations/broadcast_matmul/products.hpp"
#include "peers/peer.hpp"
#include "peers/torch/library.hpp"
#include "suite/shape.hpp"

namespace trilbench {
namespace {

std::vector<std::int64_t> shape_of(const Problem& problem, std::size_t input) {
  const auto shape = tensor_shape(problem, input);
  return {shape.begin(), shape.end()};
}

std::vector<std::int64_t> shape_of_output(const Problem& problem) {
  const BroadcastProducts products(problem);
  const std::size_t dimensions = std::max(tensor_shape(problem, 0).size(), tensor_shape(problem, 1).size());
  std::vector<std::int64_t> shape(std::end(products.sizes) - static_cast<std::ptrdiff_t>(dimensions - 2),
                                  std::end(products.sizes));
  shape.insert(shape.end(), {products.M, products.N});
  return shape;
}

struct Tensors {
  at::Tensor X, Y, Z;
};

Tensors make(const Problem& problem, const float* const* inputs, float* output, void*) {
  return {.X = torch::view(inputs[0], shape_of(problem, 0)),
          .Y = torch::view(inputs[1], shape_of(problem, 1)),
          .Z = torch::view(output, shape_of_output(problem))};
}

void compute(Tensors& tensors) { at::matmul_out(tensors.Z, tensors.X, tensors.Y); }

constexpr Implementation matmul = {
    .idea =
        "PyTorch is asked for the matmul of both tensors; some broadcasts it copies, for which it allocates",
    .flops = {.per_term = 2},
    .kernel = torch::kernel_of_tensors<2, make, compute>(),
};

constexpr Variant variants[] = {{"broadcast_matmul", "torch_matmul", std::nullopt, &matmul}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
