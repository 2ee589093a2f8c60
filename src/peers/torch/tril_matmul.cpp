// tril(W) x as PyTorch's users would write it: torch.tril(W) @ x, or the product of a batch (bmm) with the
// triangle repeated by its strides, which is what matmul does in the end, after a microsecond of
// considerations.
#include <ATen/ops/bmm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tril.h>
#include <c10/core/InferenceMode.h>

#include "operations/flops.hpp"
#include "operations/sequence.hpp"
#include "peers/peer.hpp"
#include "peers/torch/library.hpp"

namespace trilbench {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(SequenceAxes(problem).T);
  return T * T * sizeof(float);
}

void prepare(const Problem& problem, void*) { torch::set_threads(problem); }

struct Tensors {
  at::Tensor W, x, y, triangle, repeated;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const at::Tensor triangle = torch::view(static_cast<const float*>(workspace), {T, T});
  return {.W = torch::view(inputs[0], {T, T}),
          .x = torch::view(inputs[1], {B, T, C}),
          .y = torch::view(y, {B, T, C}),
          .triangle = triangle,
          .repeated = triangle.expand({B, T, T})};
}

void run_matmul(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const c10::InferenceMode inference;
  auto& [W, x, y, triangle, repeated] = torch::tensors_of<2, make>(problem, inputs, output, workspace);
  at::tril_out(triangle, W);
  at::matmul_out(y, triangle, x);
}

void run_bmm(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const c10::InferenceMode inference;
  auto& [W, x, y, triangle, repeated] = torch::tensors_of<2, make>(problem, inputs, output, workspace);
  at::tril_out(triangle, W);
  at::bmm_out(y, repeated, x);
}

constexpr Implementation matmul = {
    .operation = "tril_matmul",
    .name = "torch_matmul",
    .isa = Isa::peer,
    .idea = "PyTorch is asked for tril of W and its matmul with x",
    .workspace_bytes = workspace_bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_matmul,
};

constexpr Implementation bmm = {
    .operation = "tril_matmul",
    .name = "torch_bmm",
    .isa = Isa::peer,
    .idea = "PyTorch is asked for tril of W and, expanded to the batch, its bmm with x",
    .workspace_bytes = workspace_bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_bmm,
};

constexpr const Implementation* rows[] = {&matmul, &bmm};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
