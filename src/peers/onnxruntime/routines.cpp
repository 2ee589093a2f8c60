// How ONNX Runtime's users compute what the suite computes: by a model of a few nodes, whose inputs and
// outputs are our arrays. A model is made ready in the preparation.
#include <algorithm>
#include <limits>

#include "operations/attention_decode/cache.hpp"
#include "peers/onnxruntime/library.hpp"
#include "peers/peer.hpp"
#include "peers/session.hpp"
#include "suite/implementation.hpp"

namespace trilbench {
namespace {

using onnxruntime::Element;
using onnxruntime::Model;
using onnxruntime::Session;

const char* refuses(const Problem&) {
  return onnxruntime::missing().empty() ? nullptr : onnxruntime::missing().c_str();
}

namespace causal_softmax {  // W plus a mask, which the preparation makes

std::size_t mask_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(problem.sizes[0]);
  return T * T * sizeof(float);
}

Model model(const Problem& problem) {
  const std::vector<std::int64_t> square{problem.sizes[0], problem.sizes[0]};
  return {.inputs = {{"W", Element::f32, square}, {"mask", Element::f32, square}},
          .outputs = {{"P", Element::f32, square}},
          .nodes = {{"", "Add", {"W", "mask"}, {"logits"}, {}}, {"", "Softmax", {"logits"}, {"P"}, {}}}};
}

void prepare(const Problem& problem, void* scratch) {
  session_for<Session, model>(problem);
  const std::int64_t T = problem.sizes[0];
  float* mask = static_cast<float*>(scratch);
  for (std::int64_t t = 0; t < T; ++t, mask += T) {
    std::fill_n(mask, t + 1, 0.0f);
    std::fill(mask + t + 1, mask + T, -std::numeric_limits<float>::infinity());
  }
}

void run(const Problem& problem, const float* const* inputs, float* P, void* mask) {
  session_for<Session, model>(problem).run({inputs[0], mask, P});
}

constexpr Implementation mask_added = {
    .idea =
        "ONNX Runtime is asked for W plus a mask of 0 and -infinity, and the softmax of whole rows; the sum "
        "is "
        "in memory of its own",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel = kernel_of_functions<run, mask_bytes, prepare>(refuses),
};

}  // namespace causal_softmax

// GroupQueryAttention takes [B, T, H D]: each of our heads is a batch of one. It also returns the keys and
// values, as the next step's past.
namespace causal_attention {

/// In the scratch memory: the keys and the values that are returned, then the lengths, one less each than T,
/// and T itself.
struct Scratch {
  float *keys, *values;
  std::int32_t *lengths, *total;

  Scratch(const AttentionAxes& axes, void* scratch)
      : keys(static_cast<float*>(scratch)),
        values(keys + elements(axes)),
        lengths(reinterpret_cast<std::int32_t*>(values + elements(axes))),
        total(lengths + axes.B * axes.H) {}

  static std::int64_t elements(const AttentionAxes& axes) { return axes.B * axes.H * axes.T * axes.D; }
};

std::size_t scratch_bytes(const Problem& problem) {
  const AttentionAxes axes(problem);
  return static_cast<std::size_t>(2 * Scratch::elements(axes) + axes.B * axes.H + 1) * sizeof(float);
}

Model model(const Problem& problem) {
  const AttentionAxes axes(problem);
  const std::int64_t heads = axes.B * axes.H;
  const std::vector<std::int64_t> each{heads, axes.T, axes.D}, past{heads, 1, 0, axes.D},
      present{heads, 1, axes.T, axes.D};
  constexpr Element f32 = Element::f32, i32 = Element::i32;
  return {.inputs = {{"q", f32, each},
                     {"k", f32, each},
                     {"v", f32, each},
                     {"past_k", f32, past},
                     {"past_v", f32, past},
                     {"lengths", i32, {heads}},
                     {"total", i32, {1}}},
          .outputs = {{"y", f32, each}, {"present_k", f32, present}, {"present_v", f32, present}},
          .nodes = {{"com.microsoft",
                     "GroupQueryAttention",
                     {"q", "k", "v", "past_k", "past_v", "lengths", "total"},
                     {"y", "present_k", "present_v"},
                     {{"num_heads", 1}, {"kv_num_heads", 1}}}}};
}

void prepare(const Problem& problem, void* memory) {
  session_for<Session, model>(problem);
  const AttentionAxes axes(problem);
  const Scratch scratch(axes, memory);
  std::fill_n(scratch.lengths, axes.B * axes.H, static_cast<std::int32_t>(axes.T - 1));
  *scratch.total = static_cast<std::int32_t>(axes.T);
}

void run(const Problem& problem, const float* const* inputs, float* y, void* memory) {
  const Scratch scratch(AttentionAxes(problem), memory);
  session_for<Session, model>(problem).run({inputs[0], inputs[1], inputs[2], scratch.keys, scratch.values,
                                            scratch.lengths, scratch.total, y, scratch.keys, scratch.values});
}

const char* refuses_heads(const Problem& problem) {
  const AttentionAxes axes(problem);
  if (axes.H != axes.H_kv) return "it takes groups of heads in another order than they lie in";
  return axes.D % 8 == 0 ? refuses(problem) : "it takes heads of multiples of 8 numbers only";
}

constexpr Implementation gqa = {
    .idea =
        "ONNX Runtime is asked for GroupQueryAttention of heads without a past; it returns keys and values "
        "too",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_functions<run, scratch_bytes, prepare>(refuses_heads),
};

}  // namespace causal_attention

// MultiHeadAttention wants keys that fill their tensor, so that each cache has a node of its own.
namespace attention_decode {

Model model(const Problem& problem) {
  const DecodeAxes axes(problem);
  const std::vector<std::int64_t> queries{1, axes.group(), axes.D}, filled{1, 1, axes.T, axes.D};
  Model model;
  for (std::int64_t i = 0; i < axes.caches(); ++i) {
    const std::string n = std::to_string(i);
    model.inputs.push_back({"q" + n, Element::f32, queries});
    model.inputs.push_back({"k" + n, Element::f32, filled});
    model.inputs.push_back({"v" + n, Element::f32, filled});
    model.outputs.push_back({"y" + n, Element::f32, queries});
    model.nodes.push_back(
        {"com.microsoft", "MultiHeadAttention", {"q" + n, "k" + n, "v" + n}, {"y" + n}, {{"num_heads", 1}}});
  }
  return model;
}

void prepare(const Problem& problem, void*) { session_for<Session, model>(problem); }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const DecodeAxes axes(problem);
  const std::int64_t queries = axes.group() * axes.D, cache = axes.capacity() * axes.D;
  std::vector<const void*> arrays;
  arrays.reserve(static_cast<std::size_t>(4 * axes.caches()));
  for (std::int64_t i = 0; i < axes.caches(); ++i)
    arrays.insert(arrays.end(), {inputs[0] + i * queries, inputs[1] + i * cache, inputs[2] + i * cache});
  for (std::int64_t i = 0; i < axes.caches(); ++i) arrays.push_back(y + i * queries);
  session_for<Session, model>(problem).run(arrays);
}

constexpr Implementation mha = {
    .idea =
        "ONNX Runtime is asked for MultiHeadAttention of the queries that share a cache with its filled "
        "rows, a node for each cache",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_functions<run, nullptr, prepare>(refuses),
};

}  // namespace attention_decode

constexpr Variant variants[] = {
    {"attention_decode", "onnxruntime_mha", std::nullopt, &attention_decode::mha},
    {"causal_attention", "onnxruntime_gqa", std::nullopt, &causal_attention::gqa},
    {"causal_softmax", "onnxruntime_mask_added", std::nullopt, &causal_softmax::mask_added},
};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
