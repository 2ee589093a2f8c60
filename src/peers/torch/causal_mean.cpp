// The mean as PyTorch's users would compute it: cumulative sums, times the reciprocals of the counts, which
// preparation makes since they depend on the sizes alone.
#include <ATen/ops/cumsum.h>
#include <ATen/ops/mul.h>

#include "operations/sequence.hpp"
#include "peers/peer.hpp"
#include "peers/torch/library.hpp"

namespace trilbench {
namespace {

std::size_t reciprocals_bytes(const Problem& problem) {
  return static_cast<std::size_t>(SequenceAxes(problem).T) * sizeof(float);
}

void fill_reciprocals(const Problem& problem, void* scratch) {
  float* const reciprocals = static_cast<float*>(scratch);
  for (std::int64_t t = 0; t < SequenceAxes(problem).T; ++t)
    reciprocals[t] = 1.0f / static_cast<float>(t + 1);
}

struct Tensors {
  at::Tensor x, y, reciprocals;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* reciprocals) {
  const auto [B, T, C] = SequenceAxes(problem);
  return {.x = torch::view(inputs[0], {B, T, C}),
          .y = torch::view(y, {B, T, C}),
          .reciprocals = torch::view(reciprocals, {T, 1})};
}

void compute(Tensors& tensors) {
  auto& [x, y, reciprocals] = tensors;
  at::cumsum_out(y, x, 1);
  at::mul_out(y, y, reciprocals);
}

constexpr Implementation cumsum = {
    .idea =
        "PyTorch is asked for the cumulative sums over time and their product with the counts' reciprocals",
    .flops = {.per_output = 2},
    .kernel = torch::kernel_of_tensors<1, make, compute, reciprocals_bytes, fill_reciprocals>(),
};

constexpr Variant variants[] = {{"causal_mean", "torch_cumsum", std::nullopt, &cumsum}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
