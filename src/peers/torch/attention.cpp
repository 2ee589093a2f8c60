// Attention as PyTorch's users write it: by the routine that computes all of it, for which PyTorch has a
// fused kernel, and step by step, as the notebooks do.
#include "peers/torch/attention.hpp"

#include <ATen/ops/masked_fill.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>

#include <limits>

#include "operations/attention.hpp"
#include "operations/attention_decode/cache.hpp"
#include "peers/torch/library.hpp"
#include "peers/triangle.hpp"
#include "suite/shape.hpp"

namespace trilbench::torch {
namespace {

using at::Tensor;

/// It returns a tensor of its own, which is copied to where the result belongs.
struct Attention {
  Tensor q, k, v, y;
  bool grouped = false;  // heads of queries share those of keys and values

  template <bool causal>
  void compute() {
    y.copy_(at::scaled_dot_product_attention(q, k, v, std::nullopt, 0, causal, std::nullopt, grouped));
  }
};

template <bool causal>
void compute(Attention& attention) {
  attention.compute<causal>();
}

}  // namespace

namespace causal_attention {
namespace {

Attention make(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, H, H_kv, T, D] = AttentionAxes(problem);
  return {view(inputs[0], {B, H, T, D}), view(inputs[1], {B, H_kv, T, D}), view(inputs[2], {B, H_kv, T, D}),
          view(y, {B, H, T, D}), H != H_kv};
}

/// The notebooks' way. The heads of queries that share one of keys stand in a dimension of their own.
struct Steps {
  Tensor q, k_transposed, v, y, logits, weights, mask;
  double scale = 0;
};

std::size_t weights_bytes(const AttentionAxes& axes) {
  return static_cast<std::size_t>(axes.B * axes.H * axes.T * axes.T) * sizeof(float);
}

// The logits, the weights, and the mask of a head, true above the diagonal: of a long T more than can be
// counted.
std::size_t scratch_bytes(const Problem& problem) {
  const AttentionAxes axes(problem);
  const std::int64_t bytes_of_a_pair =
      2 * axes.B * axes.H * std::int64_t{sizeof(float)} + std::int64_t{sizeof(bool)};
  return static_cast<std::size_t>(saturated_product(saturated_product(axes.T, axes.T), bytes_of_a_pair));
}

bool* mask_in(const AttentionAxes& axes, void* scratch) {
  return reinterpret_cast<bool*>(static_cast<std::byte*>(scratch) + 2 * weights_bytes(axes));
}

void prepare(const Problem& problem, void* scratch) {
  const AttentionAxes axes(problem);
  fill_mask(axes.T, mask_in(axes, scratch));
}

Steps make_steps(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  const AttentionAxes axes(problem);
  const auto [B, H, H_kv, T, D] = axes;
  const std::int64_t group = H / H_kv;
  return {view(inputs[0], {B, H_kv, group, T, D}),
          view(inputs[1], {B, H_kv, 1, T, D}).transpose(-2, -1),
          view(inputs[2], {B, H_kv, 1, T, D}),
          view(y, {B, H_kv, group, T, D}),
          view(scratch, {B, H_kv, group, T, T}),
          view(static_cast<std::byte*>(scratch) + weights_bytes(axes), {B, H_kv, group, T, T}),
          truth_view(mask_in(axes, scratch), {T, T}),
          attention_scale(D)};
}

void compute_steps(Steps& steps) {
  at::matmul_out(steps.logits, steps.q, steps.k_transposed);
  steps.logits.mul_(steps.scale);
  steps.logits.masked_fill_(steps.mask, -std::numeric_limits<float>::infinity());
  at::softmax_out(steps.weights, steps.logits, -1);
  at::matmul_out(steps.y, steps.weights, steps.v);
}

}  // namespace

extern const Implementation sdpa = {
    .idea =
        "PyTorch is asked for scaled_dot_product_attention, causal; it allocates the result, which is copied",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_tensors<3, make, compute<true>>(),
};

extern const Implementation masked_fill = {
    .idea =
        "PyTorch is asked for the matmul of q and k, the scale, masked_fill, softmax, and the matmul with v",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_tensors<3, make_steps, compute_steps, scratch_bytes, prepare>(),
};

}  // namespace causal_attention

namespace attention_decode {
namespace {

/// The rows of the caches that are filled.
Tensor filled(const DecodeAxes& axes, const float* cache) {
  return view(cache, {axes.B, axes.H_kv, axes.capacity(), axes.D}).narrow(2, 0, axes.T);
}

Attention make(const Problem& problem, const float* const* inputs, float* y, void*) {
  const DecodeAxes axes(problem);
  const auto of_queries = {axes.B, axes.H, std::int64_t{1}, axes.D};
  return {view(inputs[0], of_queries), filled(axes, inputs[1]), filled(axes, inputs[2]), view(y, of_queries),
          axes.H != axes.H_kv};
}

Attention make_grouped(const Problem& problem, const float* const* inputs, float* y, void*) {
  const DecodeAxes axes(problem);
  const auto of_queries = {axes.B, axes.H_kv, axes.group(), axes.D};
  return {view(inputs[0], of_queries), filled(axes, inputs[1]), filled(axes, inputs[2]), view(y, of_queries)};
}

}  // namespace

extern const Implementation sdpa = {
    .idea = "PyTorch is asked for scaled_dot_product_attention; it allocates the result, which is copied",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_tensors<3, make, compute<false>>(),
};

extern const Implementation sdpa_grouped = {
    .idea =
        "the same, with the queries that share a cache as if they were a sequence: it is read once for all",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_tensors<3, make_grouped, compute<false>>(),
};

}  // namespace attention_decode

}  // namespace trilbench::torch
