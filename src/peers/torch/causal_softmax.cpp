// The causal softmax as PyTorch's users would write it: logits masked with -infinity, then the softmax of
// whole rows. The mask depends on the sizes alone: true and false for masked_fill, or 0 and -infinity to be
// added, which takes one pass over W instead of two.
#include <ATen/ops/add.h>

#include <algorithm>
#include <limits>

#include "peers/peer.hpp"
#include "peers/torch/library.hpp"
#include "peers/torch/masked_softmax.hpp"

namespace trilbench {
namespace {

std::int64_t length(const Problem& problem) { return problem.sizes[0]; }

namespace filled {

std::size_t scratch_bytes(const Problem& problem) { return torch::masked_softmax_bytes(length(problem)); }

void prepare(const Problem& problem, void* scratch) { torch::fill_mask(length(problem), scratch); }

struct Tensors {
  at::Tensor W, P;
  torch::MaskedSoftmax masked;
};

Tensors make(const Problem& problem, const float* const* inputs, float* P, void* scratch) {
  const std::int64_t T = length(problem);
  return {.W = torch::view(inputs[0], {T, T}),
          .P = torch::view(P, {T, T}),
          .masked = torch::masked_softmax_in(scratch, T)};
}

void compute(Tensors& tensors) { torch::masked_softmax(tensors.masked, tensors.W, tensors.P); }

}  // namespace filled

namespace added {

// The masked logits, and behind them the mask.
std::size_t scratch_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(length(problem));
  return 2 * T * T * sizeof(float);
}

void prepare(const Problem& problem, void* scratch) {
  const std::int64_t T = length(problem);
  float* mask = static_cast<float*>(scratch) + T * T;
  for (std::int64_t t = 0; t < T; ++t, mask += T) {
    std::fill_n(mask, t + 1, 0.0f);
    std::fill(mask + t + 1, mask + T, -std::numeric_limits<float>::infinity());
  }
}

struct Tensors {
  at::Tensor W, P, logits, mask;
};

Tensors make(const Problem& problem, const float* const* inputs, float* P, void* scratch) {
  const std::int64_t T = length(problem);
  return {.W = torch::view(inputs[0], {T, T}),
          .P = torch::view(P, {T, T}),
          .logits = torch::view(scratch, {T, T}),
          .mask = torch::view(static_cast<const float*>(scratch) + T * T, {T, T})};
}

void compute(Tensors& tensors) {
  at::add_out(tensors.logits, tensors.W, tensors.mask);
  at::softmax_out(tensors.P, tensors.logits, -1);
}

}  // namespace added

constexpr Implementation masked_fill = {
    .idea = "PyTorch is asked for a copy of W, masked_fill with -infinity, and the softmax of whole rows",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel =
        torch::kernel_of_tensors<1, filled::make, filled::compute, filled::scratch_bytes, filled::prepare>(),
};

constexpr Implementation mask_added = {
    .idea = "PyTorch is asked for W plus a mask of 0 and -infinity, and the softmax of whole rows",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel =
        torch::kernel_of_tensors<1, added::make, added::compute, added::scratch_bytes, added::prepare>(),
};

constexpr Variant variants[] = {{"causal_softmax", "torch_mask_added", std::nullopt, &mask_added},
                                {"causal_softmax", "torch_masked_fill", std::nullopt, &masked_fill}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
