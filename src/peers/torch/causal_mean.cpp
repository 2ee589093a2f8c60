// The mean as PyTorch's users would compute it: cumulative sums, times the reciprocals of the counts, which
// `prepare` makes since they depend on the sizes alone.
#include <ATen/ops/cumsum.h>
#include <ATen/ops/mul.h>
#include <c10/core/InferenceMode.h>

#include "operations/causal_mean/refusals.hpp"
#include "operations/sequence.hpp"
#include "peers/peer.hpp"
#include "peers/torch/library.hpp"

namespace trilbench {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  return static_cast<std::size_t>(SequenceAxes(problem).T) * sizeof(float);
}

double flops(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return 2.0 * static_cast<double>(B * T * C);
}

void prepare(const Problem& problem, void* workspace) {
  torch::set_threads(problem);
  float* reciprocals = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < SequenceAxes(problem).T; ++t)
    reciprocals[t] = 1.0f / static_cast<float>(t + 1);
}

struct Tensors {
  at::Tensor x, y, reciprocals;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  return {.x = torch::view(inputs[0], {B, T, C}),
          .y = torch::view(y, {B, T, C}),
          .reciprocals = torch::view(static_cast<const float*>(workspace), {T, 1})};
}

void run(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const c10::InferenceMode inference;
  auto& [x, y, reciprocals] = torch::tensors_of<1, make>(problem, inputs, output, workspace);
  at::cumsum_out(y, x, 1);
  at::mul_out(y, y, reciprocals);
}

constexpr Implementation cumsum = {
    .operation = "causal_mean",
    .name = "torch_cumsum",
    .isa = Isa::peer,
    .idea =
        "PyTorch is asked for the cumulative sums over time and their product with the counts' reciprocals",
    .refuses = refuses_uncountable,
    .workspace_bytes = workspace_bytes,
    .flops = flops,
    .prepare = prepare,
    .run = run,
};

constexpr const Implementation* rows[] = {&cumsum};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
