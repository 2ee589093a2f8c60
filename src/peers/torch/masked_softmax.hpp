// The causal softmax as PyTorch's users write it, W.masked_fill(mask, -inf).softmax(-1), with what it
// allocates taken from the scratch memory: a masked copy of W is what masked_fill makes too.
#pragma once

#include <ATen/ops/softmax.h>

#include <cstddef>
#include <limits>

#include "peers/torch/library.hpp"

namespace trilbench::torch {

/// The mask, true above the diagonal, and the masked logits, in so many bytes of scratch memory.
inline std::size_t masked_softmax_bytes(std::int64_t T) {
  return static_cast<std::size_t>(T * T) * (sizeof(float) + sizeof(bool));
}

inline bool* mask_in(void* scratch, std::int64_t T) {
  return reinterpret_cast<bool*>(static_cast<float*>(scratch) + T * T);
}

inline void fill_mask(std::int64_t T, void* scratch) {
  bool* const mask = mask_in(scratch, T);
  for (std::int64_t t = 0; t < T; ++t)
    for (std::int64_t k = 0; k < T; ++k) mask[t * T + k] = k > t;
}

struct MaskedSoftmax {
  at::Tensor logits, mask;
};

inline MaskedSoftmax masked_softmax_in(void* scratch, std::int64_t T) {
  return {.logits = view(scratch, {T, T}), .mask = truth_view(mask_in(scratch, T), {T, T})};
}

inline void masked_softmax(const MaskedSoftmax& masked, const at::Tensor& W, at::Tensor& weights) {
  masked.logits.copy_(W);
  masked.logits.masked_fill_(masked.mask, -std::numeric_limits<float>::infinity());
  at::softmax_out(weights, masked.logits, -1);
}

}  // namespace trilbench::torch
