// The sizes of W[T, T], by name, and what the ways to compute causal_softmax share.
#pragma once

#include <cstdint>

#include "operations/flops.hpp"
#include "suite/problem.hpp"

namespace trilbench {

inline std::int64_t softmax_length(const Problem& problem) { return problem.sizes[0]; }

/// For each element a comparison, a subtraction, an exponential, an addition and a product.
inline double three_pass_flops(const Problem& problem) {
  return triangle_elements(softmax_length(problem)) * (exponential_flops + 4);
}

/// Why no way takes rows of more than 2^24 logits: their sum may be a larger number, which float32 rounds.
inline const char* refuses_long_rows(const Problem& problem) {
  return softmax_length(problem) > (1 << 24) ? "T > 2^24: a float32 cannot count the terms" : nullptr;
}

}  // namespace trilbench
