// How PyTorch's users compute what the suite computes, whole tensors at once. What a routine would allocate
// for its result comes from the scratch memory. Batches are given to matmul as they are, or to bmm, with one
// matrix repeated for all by its strides, which is what matmul does in the end, after a microsecond of
// considerations.
#include <ATen/ExpandUtils.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/add.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tril.h>

#include <algorithm>
#include <limits>
#include <span>

#include "peers/peer.hpp"
#include "peers/torch/attention.hpp"
#include "peers/torch/library.hpp"
#include "peers/triangle.hpp"
#include "suite/shape.hpp"

namespace trilbench {
namespace {

using at::Tensor;
using torch::kernel_of_tensors;
using torch::view;

constexpr float infinity = std::numeric_limits<float>::infinity();

namespace causal_mean {  // cumulative sums, times the reciprocals of the counts

std::size_t reciprocals_bytes(const Problem& problem) {
  return static_cast<std::size_t>(SequenceAxes(problem).T) * sizeof(float);
}

void fill_reciprocals(const Problem& problem, void* scratch) {
  float* const reciprocals = static_cast<float*>(scratch);
  for (std::int64_t t = 0; t < SequenceAxes(problem).T; ++t)
    reciprocals[t] = 1.0f / static_cast<float>(t + 1);
}

struct Tensors {
  Tensor x, y, reciprocals;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* reciprocals) {
  const auto [B, T, C] = SequenceAxes(problem);
  return {view(inputs[0], {B, T, C}), view(y, {B, T, C}), view(reciprocals, {T, 1})};
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
    .kernel = kernel_of_tensors<1, make, compute, reciprocals_bytes, fill_reciprocals>(),
};

}  // namespace causal_mean

/// A square matrix, and its product with each x of a batch.
struct Product {
  Tensor W, repeated, x, y;

  Product() = default;
  Product(const Problem& problem, const float* of_x, float* of_y, const void* of_W) {
    const auto [B, T, C] = SequenceAxes(problem);
    W = view(of_W, {T, T});
    repeated = W.expand({B, T, T});
    x = view(of_x, {B, T, C});
    y = view(of_y, {B, T, C});
  }

  void matmul() { at::matmul_out(y, W, x); }
  void bmm() { at::bmm_out(y, repeated, x); }
};

namespace tril_matmul {

struct Tensors {
  Tensor W;
  Product triangle;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  const std::int64_t T = SequenceAxes(problem).T;
  return {view(inputs[0], {T, T}), {problem, inputs[1], y, scratch}};
}

template <auto multiply>
void compute(Tensors& tensors) {
  at::tril_out(tensors.triangle.W, tensors.W);
  (tensors.triangle.*multiply)();
}

constexpr Implementation matmul = {
    .idea = "PyTorch is asked for tril of W and its matmul with x",
    .flops = {.per_term = 2},
    .kernel = kernel_of_tensors<2, make, compute<&Product::matmul>, triangle_bytes>(),
};

constexpr Implementation bmm = {
    .idea = "PyTorch is asked for tril of W and, expanded to the batch, its bmm with x",
    .flops = {.per_term = 2},
    .kernel = kernel_of_tensors<2, make, compute<&Product::bmm>, triangle_bytes>(),
};

}  // namespace tril_matmul

/// W.masked_fill(mask, -inf).softmax(-1): a masked copy of W is what masked_fill makes too.
struct MaskedSoftmax {
  Tensor W, P, logits, mask;

  /// The masked logits, and behind them the mask, true above the diagonal.
  static std::size_t scratch_bytes(std::int64_t T) {
    return static_cast<std::size_t>(T * T) * (sizeof(float) + sizeof(bool));
  }

  static void prepare(std::int64_t T, void* scratch) { fill_mask(T, mask_in(scratch, T)); }

  MaskedSoftmax() = default;
  MaskedSoftmax(std::int64_t T, const float* of_W, float* of_P, void* scratch)
      : W(view(of_W, {T, T})),
        P(view(of_P, {T, T})),
        logits(view(scratch, {T, T})),
        mask(torch::truth_view(mask_in(scratch, T), {T, T})) {}

  void compute() {
    logits.copy_(W);
    logits.masked_fill_(mask, -infinity);
    at::softmax_out(P, logits, -1);
  }

 private:
  static bool* mask_in(void* scratch, std::int64_t T) {
    return reinterpret_cast<bool*>(static_cast<float*>(scratch) + T * T);
  }
};

namespace causal_softmax {

namespace filled {

std::size_t scratch_bytes(const Problem& problem) { return MaskedSoftmax::scratch_bytes(problem.sizes[0]); }

void prepare(const Problem& problem, void* scratch) { MaskedSoftmax::prepare(problem.sizes[0], scratch); }

MaskedSoftmax make(const Problem& problem, const float* const* inputs, float* P, void* scratch) {
  return {problem.sizes[0], inputs[0], P, scratch};
}

void compute(MaskedSoftmax& tensors) { tensors.compute(); }

}  // namespace filled

namespace added {  // a mask of 0 and -infinity, which takes one pass over W instead of two

// The masked logits, and behind them the mask.
std::size_t scratch_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(problem.sizes[0]);
  return 2 * T * T * sizeof(float);
}

void prepare(const Problem& problem, void* scratch) {
  const std::int64_t T = problem.sizes[0];
  float* mask = static_cast<float*>(scratch) + T * T;
  for (std::int64_t t = 0; t < T; ++t, mask += T) {
    std::fill_n(mask, t + 1, 0.0f);
    std::fill(mask + t + 1, mask + T, -infinity);
  }
}

struct Tensors {
  Tensor W, P, logits, mask;
};

Tensors make(const Problem& problem, const float* const* inputs, float* P, void* scratch) {
  const std::int64_t T = problem.sizes[0];
  return {view(inputs[0], {T, T}), view(P, {T, T}), view(scratch, {T, T}),
          view(static_cast<const float*>(scratch) + T * T, {T, T})};
}

void compute(Tensors& tensors) {
  at::add_out(tensors.logits, tensors.W, tensors.mask);
  at::softmax_out(tensors.P, tensors.logits, -1);
}

}  // namespace added

constexpr Implementation masked_fill = {
    .idea = "PyTorch is asked for a copy of W, masked_fill with -infinity, and the softmax of whole rows",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel = kernel_of_tensors<1, filled::make, filled::compute, filled::scratch_bytes, filled::prepare>(),
};

constexpr Implementation mask_added = {
    .idea = "PyTorch is asked for W plus a mask of 0 and -infinity, and the softmax of whole rows",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel = kernel_of_tensors<1, added::make, added::compute, added::scratch_bytes, added::prepare>(),
};

}  // namespace causal_softmax

namespace causal_weighted_mean {

// The weights, and behind them what the softmax needs.
std::size_t scratch_bytes(const Problem& problem) {
  return triangle_bytes(problem) + MaskedSoftmax::scratch_bytes(SequenceAxes(problem).T);
}

void* behind_weights(const Problem& problem, void* scratch) {
  return static_cast<std::byte*>(scratch) + triangle_bytes(problem);
}

void prepare(const Problem& problem, void* scratch) {
  MaskedSoftmax::prepare(SequenceAxes(problem).T, behind_weights(problem, scratch));
}

struct Tensors {
  MaskedSoftmax softmax;
  Product product;
};

Tensors make(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  float* const weights = static_cast<float*>(scratch);
  return {{SequenceAxes(problem).T, inputs[0], weights, behind_weights(problem, scratch)},
          {problem, inputs[1], y, weights}};
}

template <auto multiply>
void compute(Tensors& tensors) {
  tensors.softmax.compute();
  (tensors.product.*multiply)();
}

constexpr Implementation matmul = {
    .idea = "PyTorch is asked for masked_fill, softmax, and the weights' matmul with x",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of_tensors<2, make, compute<&Product::matmul>, scratch_bytes, prepare>(),
};

constexpr Implementation bmm = {
    .idea = "PyTorch is asked for masked_fill, softmax, and, expanded to the batch, the weights' bmm with x",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of_tensors<2, make, compute<&Product::bmm>, scratch_bytes, prepare>(),
};

}  // namespace causal_weighted_mean

namespace broadcast_matmul {

struct Tensors {
  Tensor X, Y, Z;
};

Tensors make(const Problem& problem, const float* const* inputs, float* output, void*) {
  const auto X = tensor_shape(problem, 0), Y = tensor_shape(problem, 1);
  const auto of = [](std::span<const std::int64_t> sizes) {
    return at::IntArrayRef(sizes.data(), sizes.size());
  };
  auto Z = at::infer_size(of(X.first(X.size() - 2)), of(Y.first(Y.size() - 2)));
  Z.insert(Z.end(), {X[X.size() - 2], Y.back()});
  return {view(inputs[0], of(X)), view(inputs[1], of(Y)), view(output, Z)};
}

void compute(Tensors& tensors) { at::matmul_out(tensors.Z, tensors.X, tensors.Y); }

// Where the batches have several dimensions, of which one is broadcast, it copies X and Y into batches of its
// own.
constexpr Implementation matmul = {
    .idea =
        "PyTorch is asked for the matmul of both tensors; some broadcasts it copies, for which it allocates",
    .flops = {.per_term = 2},
    .kernel = kernel_of_tensors<2, make, compute>(),
};

}  // namespace broadcast_matmul

constexpr Variant variants[] = {
    {"attention_decode", "torch_sdpa", std::nullopt, &torch::attention_decode::sdpa},
    {"attention_decode", "torch_sdpa_grouped", std::nullopt, &torch::attention_decode::sdpa_grouped},
    {"broadcast_matmul", "torch_matmul", std::nullopt, &broadcast_matmul::matmul},
    {"causal_attention", "torch_masked_fill", std::nullopt, &torch::causal_attention::masked_fill},
    {"causal_attention", "torch_sdpa", std::nullopt, &torch::causal_attention::sdpa},
    {"causal_mean", "torch_cumsum", std::nullopt, &causal_mean::cumsum},
    {"causal_softmax", "torch_mask_added", std::nullopt, &causal_softmax::mask_added},
    {"causal_softmax", "torch_masked_fill", std::nullopt, &causal_softmax::masked_fill},
    {"causal_weighted_mean", "torch_softmax_bmm", std::nullopt, &causal_weighted_mean::bmm},
    {"causal_weighted_mean", "torch_softmax_matmul", std::nullopt, &causal_weighted_mean::matmul},
    {"tril_matmul", "torch_bmm", std::nullopt, &tril_matmul::bmm},
    {"tril_matmul", "torch_matmul", std::nullopt, &tril_matmul::matmul},
};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
