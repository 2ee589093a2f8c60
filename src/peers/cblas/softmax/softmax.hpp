// The suite's softmax for those who have a library's products only.
#pragma once

#include <cstdint>

namespace trilbench::cblas {

/// Exponentials of rows of logits, in place: `count` in the first row and one more in each that follows, the
/// others of `width` cleared; each less the row's largest logit. Writes their sums, and normalises nothing.
using SoftmaxOfRows = void (*)(float* logits, std::int64_t rows, std::int64_t count, std::int64_t width,
                               float* sums);

/// Compiled for the best instruction set that this CPU has.
SoftmaxOfRows softmax_of_rows();

}  // namespace trilbench::cblas
