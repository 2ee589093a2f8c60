// Attention as users of ggml, of llama.cpp and whisper.cpp, compute it: ggml_flash_attn_ext, which is told
// what is not to be seen by a mask of 16-bit floats. It writes [batch, queries, heads, D], which is how our
// arrays lie if each head of keys is a batch of one.
#include <algorithm>

#include "operations/attention_decode/cache.hpp"
#include "peers/ggml/library.hpp"
#include "peers/peer.hpp"
#include "peers/session.hpp"
#include "suite/implementation.hpp"

namespace trilbench {
namespace {

using ggml::Session;
using ggml::Shape;

const char* refuses(const Problem&) { return ggml::missing().empty() ? nullptr : ggml::missing().c_str(); }

namespace causal_attention {

Shape shape(const Problem& problem) {
  const AttentionAxes axes(problem);
  const std::int64_t heads = axes.B * axes.H;
  return {{axes.D, axes.T, 1, heads}, {axes.D, axes.T, 1, heads}, axes.T};
}

std::size_t mask_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(AttentionAxes(problem).T);
  return T * T * sizeof(std::uint16_t);
}

void prepare(const Problem& problem, void* scratch) {
  session_for<Session, shape>(problem);
  constexpr std::uint16_t zero = 0, minus_infinity = 0xfc00;
  const std::int64_t T = AttentionAxes(problem).T;
  auto* mask = static_cast<std::uint16_t*>(scratch);
  for (std::int64_t t = 0; t < T; ++t, mask += T) {
    std::fill_n(mask, t + 1, zero);
    std::fill(mask + t + 1, mask + T, minus_infinity);
  }
}

void run(const Problem& problem, const float* const* inputs, float* y, void* mask) {
  session_for<Session, shape>(problem).run({inputs[0], inputs[1], inputs[2], mask, y});
}

const char* refuses_groups(const Problem& problem) {
  const AttentionAxes axes(problem);
  return axes.H == axes.H_kv ? refuses(problem) : "its result of groups of heads lies in another order";
}

constexpr Implementation flash_attn_ext = {
    .idea = "ggml is asked for ggml_flash_attn_ext, with a mask of 0 and -infinity",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_functions<run, mask_bytes, prepare>(refuses_groups),
};

}  // namespace causal_attention

namespace attention_decode {

Shape shape(const Problem& problem) {
  const DecodeAxes axes(problem);
  return {{axes.D, axes.group(), 1, axes.caches()}, {axes.D, axes.capacity(), 1, axes.caches()}, axes.T};
}

void prepare(const Problem& problem, void*) { session_for<Session, shape>(problem); }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  session_for<Session, shape>(problem).run({inputs[0], inputs[1], inputs[2], nullptr, y});
}

const char* refuses_split(const Problem& problem) {
  constexpr std::int64_t split_from = 512;
  const DecodeAxes axes(problem);
  return axes.B * axes.H == 1 && problem.threads > 1 && axes.T >= split_from
             ? "split over threads, keys whose logits are all -infinity give it NaN"
             : refuses(problem);
}

constexpr Implementation flash_attn_ext = {
    .idea =
        "ggml is asked for ggml_flash_attn_ext of the queries that share a cache, as if they were a "
        "sequence, with its filled rows",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 4},
    .kernel = kernel_of_functions<run, nullptr, prepare>(refuses_split),
};

}  // namespace attention_decode

constexpr Variant variants[] = {
    {"attention_decode", "ggml_flash_attn_ext", std::nullopt, &attention_decode::flash_attn_ext},
    {"causal_attention", "ggml_flash_attn_ext", std::nullopt, &causal_attention::flash_attn_ext},
};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
