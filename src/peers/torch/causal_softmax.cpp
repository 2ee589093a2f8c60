// The causal softmax as PyTorch's users would write it: logits masked with -infinity, then the softmax of
// whole rows. The mask depends on the sizes alone: true and false for masked_fill, or 0 and -infinity to be
// added, which takes one pass over W instead of two.
#include <ATen/ops/add.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <limits>

#include "operations/causal_softmax/sizes.hpp"
#include "peers/peer.hpp"
#include "peers/torch/library.hpp"
#include "peers/torch/masked_softmax.hpp"

namespace trilbench {
namespace {

namespace filled {

std::size_t workspace_bytes(const Problem& problem) {
  return torch::masked_softmax_bytes(softmax_length(problem));
}

void prepare(const Problem& problem, void* workspace) {
  torch::set_threads(problem);
  torch::prepare_mask(softmax_length(problem), workspace);
}

struct Tensors {
  at::Tensor W, P;
  torch::MaskedSoftmax masked;
};

Tensors make(const Problem& problem, const float* const* inputs, float* P, void* workspace) {
  const std::int64_t T = softmax_length(problem);
  return {.W = torch::view(inputs[0], {T, T}),
          .P = torch::view(P, {T, T}),
          .masked = torch::masked_softmax_in(workspace, T)};
}

void run(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const c10::InferenceMode inference;
  auto& [W, P, masked] = torch::tensors_of<1, make>(problem, inputs, output, workspace);
  torch::masked_softmax(masked, W, P);
}

}  // namespace filled

namespace added {

// The masked logits, and behind them the mask.
std::size_t workspace_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(softmax_length(problem));
  return 2 * T * T * sizeof(float);
}

void prepare(const Problem& problem, void* workspace) {
  torch::set_threads(problem);
  const std::int64_t T = softmax_length(problem);
  float* mask = static_cast<float*>(workspace) + T * T;
  for (std::int64_t t = 0; t < T; ++t, mask += T) {
    std::fill_n(mask, t + 1, 0.0f);
    std::fill(mask + t + 1, mask + T, -std::numeric_limits<float>::infinity());
  }
}

struct Tensors {
  at::Tensor W, P, logits, mask;
};

Tensors make(const Problem& problem, const float* const* inputs, float* P, void* workspace) {
  const std::int64_t T = softmax_length(problem);
  const float* const logits = static_cast<const float*>(workspace);
  return {.W = torch::view(inputs[0], {T, T}),
          .P = torch::view(P, {T, T}),
          .logits = torch::view(logits, {T, T}),
          .mask = torch::view(logits + T * T, {T, T})};
}

void run(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const c10::InferenceMode inference;
  auto& [W, P, logits, mask] = torch::tensors_of<1, make>(problem, inputs, output, workspace);
  at::add_out(logits, W, mask);
  at::softmax_out(P, logits, -1);
}

}  // namespace added

constexpr Implementation masked_fill = {
    .operation = "causal_softmax",
    .name = "torch_masked_fill",
    .isa = Isa::peer,
    .idea = "PyTorch is asked for a copy of W, masked_fill with -infinity, and the softmax of whole rows",
    .workspace_bytes = filled::workspace_bytes,
    .flops = three_pass_flops,
    .prepare = filled::prepare,
    .run = filled::run,
};

constexpr Implementation mask_added = {
    .operation = "causal_softmax",
    .name = "torch_mask_added",
    .isa = Isa::peer,
    .idea = "PyTorch is asked for W plus a mask of 0 and -infinity, and the softmax of whole rows",
    .workspace_bytes = added::workspace_bytes,
    .flops = three_pass_flops,
    .prepare = added::prepare,
    .run = added::run,
};

constexpr const Implementation* rows[] = {&masked_fill, &mask_added};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
