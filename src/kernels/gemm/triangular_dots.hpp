// Rows of y = tril(W) x for an x of one column; nothing above the diagonal of W is read.
//
// Idea: a tile along the columns would use one lane of a register here. Instead the lanes lie along the rows
// of W: an element of y is a dot product. As many rows as there are lanes go side by side, so that their sums
// hide each other's latency, share what is loaded of x, and are folded into the lanes of one register.
//
// Cost: rows * (rows + 1) useful flops; two shuffles and an addition for each element of y.
//
// Roundings: a term of row t sees that of its product and at most t additions, in any order.
#pragma once

#include <algorithm>
#include <cstdint>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// `lanes` rows of tril(W) x from row `first` on, a multiple of lanes; those behind the last of `rows` repeat
/// it. The rows of W are `stride` floats apart.
[[gnu::flatten]] inline Lanes triangular_dots(const float* W, std::int64_t stride, const float* x,
                                              std::int64_t first, std::int64_t rows) {
  const float* row[lanes];
  Lanes sum[lanes];
  unroll<lanes>([&](auto r) {
    row[r] = W + std::min<std::int64_t>(first + r, rows - 1) * stride;
    sum[r] = Lanes(0.0f);
  });
  for (std::int64_t k = 0; k < first; k += lanes) {
    const Lanes of_x = load(x + k);
    unroll<lanes>([&](auto r) { sum[r] = fma(load(row[r] + k), of_x, sum[r]); });
  }
  unroll<lanes>([&](auto r) {
    const auto left = static_cast<int>(std::min<std::int64_t>(r + 1, rows - first));
    sum[r] = fma(load_first(row[r] + first, left), load_first(x + first, left), sum[r]);
  });
  return sums_of(sum);
}

}  // namespace trilbench::TRILBENCH_ISA
