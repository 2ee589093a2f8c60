// The weighted mean as PyTorch's users would write it: masked_fill, softmax, and the product of the weights,
// repeated by their strides for the batch, with x.
#include <ATen/ops/bmm.h>
#include <ATen/ops/matmul.h>
#include <c10/core/InferenceMode.h>

#include "operations/flops.hpp"
#include "operations/sequence.hpp"
#include "peers/peer.hpp"
#include "peers/torch/library.hpp"
#include "peers/torch/masked_softmax.hpp"

namespace trilbench {
namespace {

// The weights, and behind them what the softmax needs.
std::size_t workspace_bytes(const Problem& problem) {
  const std::int64_t T = SequenceAxes(problem).T;
  return static_cast<std::size_t>(T * T) * sizeof(float) + torch::masked_softmax_bytes(T);
}

void* behind_weights(void* workspace, std::int64_t T) { return static_cast<float*>(workspace) + T * T; }

void prepare(const Problem& problem, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  torch::set_threads(problem);
  torch::prepare_mask(T, behind_weights(workspace, T));
}

struct Tensors {
  at::Tensor W, x, y, weights, repeated;
  torch::MaskedSoftmax masked;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const at::Tensor weights = torch::view(static_cast<const float*>(workspace), {T, T});
  return {.W = torch::view(inputs[0], {T, T}),
          .x = torch::view(inputs[1], {B, T, C}),
          .y = torch::view(y, {B, T, C}),
          .weights = weights,
          .repeated = weights.expand({B, T, T}),
          .masked = torch::masked_softmax_in(behind_weights(workspace, T), T)};
}

void run_matmul(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const c10::InferenceMode inference;
  Tensors& tensors = torch::tensors_of<2, make>(problem, inputs, output, workspace);
  torch::masked_softmax(tensors.masked, tensors.W, tensors.weights);
  at::matmul_out(tensors.y, tensors.weights, tensors.x);
}

void run_bmm(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const c10::InferenceMode inference;
  Tensors& tensors = torch::tensors_of<2, make>(problem, inputs, output, workspace);
  torch::masked_softmax(tensors.masked, tensors.W, tensors.weights);
  at::bmm_out(tensors.y, tensors.repeated, tensors.x);
}

constexpr Implementation matmul = {
    .operation = "causal_weighted_mean",
    .name = "torch_softmax_matmul",
    .isa = Isa::peer,
    .idea = "PyTorch is asked for masked_fill, softmax, and the weights' matmul with x",
    .workspace_bytes = workspace_bytes,
    .flops = weighted_mean_flops,
    .prepare = prepare,
    .run = run_matmul,
};

constexpr Implementation bmm = {
    .operation = "causal_weighted_mean",
    .name = "torch_softmax_bmm",
    .isa = Isa::peer,
    .idea = "PyTorch is asked for masked_fill, softmax, and, expanded to the batch, the weights' bmm with x",
    .workspace_bytes = workspace_bytes,
    .flops = weighted_mean_flops,
    .prepare = prepare,
    .run = run_bmm,
};

constexpr const Implementation* rows[] = {&matmul, &bmm};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
