// y = tril(W) x for matrices of so few rows and columns that the rows of several, side by side, stay in
// registers: x is read once, and nothing is copied. A row of y is the sum of those rows of x up to its own,
// each times a weight that is broadcast.
//
// Cost: rows * (rows + 1) / 2 fused multiply-adds for as many matrices as fill a register. Roundings: those
// of a tile (tile.hpp), in the same order.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernels/gemm/triangle.hpp"
#include "simd/pieces.hpp"

namespace trilbench::TRILBENCH_ISA {

/// Rows that registers have room for, beside a sum, a weight and a product.
inline constexpr int most_short_rows = 12;

/// Multiplies matrices x[batches, rows, columns], which follow each other.
using MultiplyShort = void (*)(const Triangle& triangle, const float* x, float* y, std::int64_t batches,
                               std::int64_t rows);

namespace detail {

/// `width` columns each, `count` matrices side by side. Those behind the last repeat it.
template <int width, int count, bool scales>
[[gnu::flatten]] void multiply_short(const Triangle& triangle, const float* x, float* y, std::int64_t batches,
                                     std::int64_t rows) {
  const float* const W = triangle.W;
  const std::int64_t W_row = triangle.stride, matrix = rows * width;
  for (std::int64_t b = 0; b < batches; b += count, x += count * matrix, y += count * matrix) {
    std::int64_t start[count];
    for (int m = 0; m < count; ++m) start[m] = std::min<std::int64_t>(m, batches - b - 1) * matrix;
    Lanes row_of_x[most_short_rows];
    const float* row_of_W = W;
    unroll<most_short_rows>([&](auto r) {
      if (r >= rows) return;
      row_of_x[r] = load_pieces<width>(x + r * width, start);
      Lanes sum(0.0f);
      unroll<r + 1>([&](auto k) { sum = fma(Lanes(row_of_W[k]), row_of_x[k], sum); });
      row_of_W += W_row;
      if constexpr (scales) sum = sum * Lanes(triangle.scale[r]);
      store_pieces<width>(y + r * width, start, sum);
    });
  }
}

}  // namespace detail

/// The function for such matrices, or nullptr if they are not short, or their columns no power of two that
/// leaves half a register free.
template <bool scales>
MultiplyShort short_triangle(std::int64_t batches, std::int64_t rows, std::int64_t columns) {
  if (rows > most_short_rows || 2 * columns > lanes ||
      !std::has_single_bit(static_cast<std::uint64_t>(columns)))
    return nullptr;
  constexpr int log_lanes = std::countr_zero(static_cast<unsigned>(lanes));
  const auto logarithm = [](std::int64_t n) { return std::bit_width(static_cast<std::uint64_t>(n)) - 1; };
  return with_constant<log_lanes - 1, 0>(logarithm(columns), [&](auto log_width) {
    const std::int64_t together = std::min<std::int64_t>(batches, lanes >> log_width);
    return with_constant<log_lanes - log_width, 0>(
        logarithm(2 * together - 1), [](auto log_count) -> MultiplyShort {
          return detail::multiply_short<1 << decltype(log_width)::value, 1 << log_count, scales>;
        });
  });
}

}  // namespace trilbench::TRILBENCH_ISA
