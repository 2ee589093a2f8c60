// The weighted mean as PyTorch's users would write it: masked_fill, softmax, and the product of the weights,
// repeated by their strides for the batch, with x.
#include <ATen/ops/bmm.h>
#include <ATen/ops/matmul.h>

#include "peers/peer.hpp"
#include "peers/torch/library.hpp"
#include "peers/torch/masked_softmax.hpp"
#include "peers/triangle.hpp"

namespace trilbench {
namespace {

// The weights, and behind them what the softmax needs.
std::size_t scratch_bytes(const Problem& problem) {
  return triangle_bytes(problem) + torch::masked_softmax_bytes(SequenceAxes(problem).T);
}

void* behind_weights(const Problem& problem, void* scratch) {
  return static_cast<std::byte*>(scratch) + triangle_bytes(problem);
}

void prepare(const Problem& problem, void* scratch) {
  torch::fill_mask(SequenceAxes(problem).T, behind_weights(problem, scratch));
}

struct Tensors {
  at::Tensor W, x, y, weights, repeated;
  torch::MaskedSoftmax masked;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  const auto [B, T, C] = SequenceAxes(problem);
  const at::Tensor weights = torch::view(scratch, {T, T});
  return {.W = torch::view(inputs[0], {T, T}),
          .x = torch::view(inputs[1], {B, T, C}),
          .y = torch::view(y, {B, T, C}),
          .weights = weights,
          .repeated = weights.expand({B, T, T}),
          .masked = torch::masked_softmax_in(behind_weights(problem, scratch), T)};
}

void compute_matmul(Tensors& tensors) {
  torch::masked_softmax(tensors.masked, tensors.W, tensors.weights);
  at::matmul_out(tensors.y, tensors.weights, tensors.x);
}

void compute_bmm(Tensors& tensors) {
  torch::masked_softmax(tensors.masked, tensors.W, tensors.weights);
  at::bmm_out(tensors.y, tensors.repeated, tensors.x);
}

constexpr Implementation matmul = {
    .idea = "PyTorch is asked for masked_fill, softmax, and the weights' matmul with x",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = torch::kernel_of_tensors<2, make, compute_matmul, scratch_bytes, prepare>(),
};

constexpr Implementation bmm = {
    .idea = "PyTorch is asked for masked_fill, softmax, and, expanded to the batch, the weights' bmm with x",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = torch::kernel_of_tensors<2, make, compute_bmm, scratch_bytes, prepare>(),
};

constexpr Variant variants[] = {{"causal_weighted_mean", "torch_softmax_bmm", std::nullopt, &bmm},
                                {"causal_weighted_mean", "torch_softmax_matmul", std::nullopt, &matmul}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
