// tril(W) x as PyTorch's users would write it: torch.tril(W) @ x, or the product of a batch (bmm) with the
// triangle repeated by its strides, which is what matmul does in the end, after a microsecond of
// considerations.
#include <ATen/ops/bmm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tril.h>

#include "peers/peer.hpp"
#include "peers/torch/library.hpp"
#include "peers/triangle.hpp"

namespace trilbench {
namespace {

struct Tensors {
  at::Tensor W, x, y, triangle, repeated;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const at::Tensor triangle = torch::view(workspace, {T, T});
  return {.W = torch::view(inputs[0], {T, T}),
          .x = torch::view(inputs[1], {B, T, C}),
          .y = torch::view(y, {B, T, C}),
          .triangle = triangle,
          .repeated = triangle.expand({B, T, T})};
}

void compute_matmul(Tensors& tensors) {
  at::tril_out(tensors.triangle, tensors.W);
  at::matmul_out(tensors.y, tensors.triangle, tensors.x);
}

void compute_bmm(Tensors& tensors) {
  at::tril_out(tensors.triangle, tensors.W);
  at::bmm_out(tensors.y, tensors.repeated, tensors.x);
}

constexpr Implementation matmul = {
    .idea = "PyTorch is asked for tril of W and its matmul with x",
    .flops = {.per_term = 2},
    .kernel = torch::kernel_of_tensors<2, make, compute_matmul, triangle_bytes>(),
};

constexpr Implementation bmm = {
    .idea = "PyTorch is asked for tril of W and, expanded to the batch, its bmm with x",
    .flops = {.per_term = 2},
    .kernel = torch::kernel_of_tensors<2, make, compute_bmm, triangle_bytes>(),
};

constexpr Variant variants[] = {{"tril_matmul", "torch_bmm", std::nullopt, &bmm},
                                {"tril_matmul", "torch_matmul", std::nullopt, &matmul}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
