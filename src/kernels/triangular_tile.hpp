// A tile of y = diag(share) tril(W) x: some rows by some registers, held in registers while they walk along
// the rows' past. Nothing above the diagonal of W is read.
//
// An element of W is broadcast from its row and multiplied with vectors of a row of x. Where the tile meets
// the diagonal, row i takes only the terms up to its own (an unrolled staircase): the future is never
// multiplied by zero, so neither NaN nor infinity leaks from it.
//
// Cost: for each k the tile reads `vectors` vectors of x and `rows` floats of W for rows * vectors fused
// multiply-adds.
#pragma once

#include <cstdint>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// The left factor: W, whose rows are `stride` >= rows floats apart, and what each row is multiplied with in
/// the end; nullptr: nothing.
struct Triangle {
  const float* W;
  std::int64_t stride;
  const float* share = nullptr;
};

namespace detail {

/// Neighbouring columns of x and y.
struct Columns {
  const float* x;
  std::int64_t x_stride;  // floats from one row to the next
  float* y;
  std::int64_t y_stride;
  std::int64_t last;  // where the last vector begins. It may overlap the one before: both compute the same
};

/// Rows [first, first + rows) of y, `vectors` wide. If `narrow`, the matrix has fewer columns than lanes.
template <int rows, int vectors, bool narrow>
[[gnu::flatten]] void triangular_tile(const Triangle& triangle, const Columns& columns, std::int64_t first) {
  const std::int64_t last = columns.last;
  const auto offset = [last](auto v) { return v == vectors - 1 ? last : v * lanes; };
  const auto load_x = [&](Lanes(&row)[vectors], const float* from) {
    unroll<vectors>([&](auto v) {
      row[v] = narrow ? load_first(from, static_cast<int>(columns.x_stride)) : load(from + offset(v));
    });
  };
  Lanes sum[rows][vectors];
  unroll<rows>([&](auto r) { unroll<vectors>([&](auto v) { sum[r][v] = Lanes(0.0f); }); });
  const std::int64_t stride = triangle.stride;
  const float* weights = triangle.W + first * stride;
  for (int r = 0; r < rows; ++r)
    __builtin_prefetch(weights + (rows + r) * stride);  // where the next tile begins
  const float* x = columns.x;
  const std::int64_t x_stride = columns.x_stride;
  Lanes row_of_x[vectors];
  for (std::int64_t k = 0; k < first; ++k, x += x_stride, ++weights) {
    load_x(row_of_x, x);
    unroll<rows>([&](auto r) {
      const Lanes weight(weights[r * stride]);
      unroll<vectors>([&](auto v) { sum[r][v] = fma(weight, row_of_x[v], sum[r][v]); });
    });
  }
  unroll<rows>([&](auto step) {
    load_x(row_of_x, x + step * x_stride);
    unroll<rows>([&](auto r) {
      if constexpr (r >= step) {
        const Lanes weight(weights[r * stride + step]);
        unroll<vectors>([&](auto v) { sum[r][v] = fma(weight, row_of_x[v], sum[r][v]); });
      }
    });
  });
  if (triangle.share)
    unroll<rows>([&](auto r) {
      const Lanes share(triangle.share[first + r]);
      unroll<vectors>([&](auto v) { sum[r][v] = sum[r][v] * share; });
    });
  unroll<rows>([&](auto r) {
    float* to = columns.y + (first + r) * columns.y_stride;
    unroll<vectors>([&](auto v) {
      if constexpr (narrow) {
        store_first(to, sum[r][v], static_cast<int>(columns.y_stride));
      } else {
        store(to + offset(v), sum[r][v]);
      }
    });
  });
}

/// Picks the tile of the given height and width.
template <int most_rows, int most_vectors, bool narrow>
void triangular_tile_of(std::int64_t rows, std::int64_t vectors, const Triangle& triangle,
                        const Columns& columns, std::int64_t first) {
  if (rows < most_rows) {
    if constexpr (most_rows > 1)
      triangular_tile_of<most_rows - 1, most_vectors, narrow>(rows, vectors, triangle, columns, first);
  } else if (vectors < most_vectors) {
    if constexpr (most_vectors > 1)
      triangular_tile_of<most_rows, most_vectors - 1, narrow>(rows, vectors, triangle, columns, first);
  } else {
    triangular_tile<most_rows, most_vectors, narrow>(triangle, columns, first);
  }
}

}  // namespace detail

}  // namespace trilbench::TRILBENCH_ISA
