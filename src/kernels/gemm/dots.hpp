// Products with one column: an element of out is a dot product of a row of A and B, which lie along the
// lanes.
//
// Cost: 2 K useful flops an element; A is read once, as it follows itself, B once for some rows. Roundings: a
// term sees that of its product and at most K - 1 additions, in any order.
#pragma once

#include <cstdint>

#include "kernels/gemm/tile.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// `rows` dot products; each has some sums, which hide the latency of additions.
template <int rows>
[[gnu::flatten]] void dots(const float* A, std::int64_t A_row, const float* B, std::int64_t terms,
                           float* out) {
  constexpr int sums = 8 / rows;
  Lanes sum[rows][sums];
  unroll<rows * sums>([&](auto i) { sum[i / sums][i % sums] = Lanes(0.0f); });
  each_register<sums>(
      terms,
      [&](std::int64_t k, auto i) {
        const Lanes of_B = load(B + k);
        unroll<rows>([&](auto r) { sum[r][i] = fma(load(A + r * A_row + k), of_B, sum[r][i]); });
      },
      [&](std::int64_t k, int left) {
        const Lanes of_B = load_first(B + k, left);
        unroll<rows>([&](auto r) { sum[r][0] = fma(load_first(A + r * A_row + k, left), of_B, sum[r][0]); });
      });
  unroll<rows>([&](auto r) {
    unroll<sums - 1>([&](auto i) { sum[r][0] = sum[r][0] + sum[r][i + 1]; });
    out[r] = first_lane(sum_of(sum[r][0]));
  });
}

}  // namespace detail

/// Tiles of one column of any number of rows.
inline void multiply_column(const TileSeries& series) {
  constexpr int at_once = 4;
  const float* first_A = series.A;
  const float* B = series.B;
  float* first_out = series.out;
  for (std::int64_t count = series.count; count > 0; --count) {
    const float* A = first_A;
    std::int64_t row = 0;
    for (; row + at_once <= series.rows; row += at_once, A += at_once * series.A_row)
      detail::dots<at_once>(A, series.A_row, B, series.terms, first_out + row);
    for (; row < series.rows; ++row, A += series.A_row)
      detail::dots<1>(A, series.A_row, B, series.terms, first_out + row);
    first_A += series.A_step;
    B += series.B_step;
    first_out += series.out_step;
  }
}

}  // namespace trilbench::TRILBENCH_ISA
