// Register tiles of products of dense matrices: some rows by some registers, which stay while they walk along
// the terms. An element of X is broadcast from its row and multiplied with vectors of a row of Y.
#pragma once

#include <cstdint>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {
namespace detail {

/// Tiles of equal size, `count` of them, each a step behind the one before in X, Y and out.
struct TileSeries {
  const float* X;
  std::int64_t X_row;  // floats from one row to the next
  std::int64_t X_step;
  const float* Y;
  std::int64_t Y_row;
  std::int64_t Y_step;
  float* out;
  std::int64_t out_row;
  std::int64_t out_step;
  std::int64_t terms;
  // Where the last vector of a row begins, in Y and in out. It may overlap the one before: both compute the
  // same.
  std::int64_t Y_last;
  std::int64_t out_last;
  bool add;  // to what is in out
  std::int64_t count;
};

/// Of the loop over terms: the end of a short loop is foreseen, that of a long one costs a misprediction.
inline constexpr int steps_at_once = 4;

/// Tiles of `rows` rows, `vectors` wide. If `narrow`, a matrix has fewer columns than lanes.
template <int rows, int vectors, bool narrow>
[[gnu::flatten]] void multiply_tiles(TileSeries tiles) {
  const auto narrow_columns = static_cast<int>(tiles.out_row);
  const auto offset = [](auto v, std::int64_t last) { return v == vectors - 1 ? last : v * lanes; };
  const std::int64_t X_row = tiles.X_row, Y_row = tiles.Y_row, out_row = tiles.out_row;
  const std::int64_t Y_last = tiles.Y_last, out_last = tiles.out_last;
  for (; tiles.count > 0; --tiles.count) {
    Lanes sum[rows][vectors];
    if (tiles.add) {
      unroll<rows>([&](auto r) {
        const float* const from = tiles.out + r * out_row;
        unroll<vectors>([&](auto v) {
          sum[r][v] = narrow ? load_first(from, narrow_columns) : load(from + offset(v, out_last));
        });
      });
    } else {
      unroll<rows>([&](auto r) { unroll<vectors>([&](auto v) { sum[r][v] = Lanes(0.0f); }); });
    }
    const float* X = tiles.X;
    const float* Y = tiles.Y;
    const auto step = [&] {
      Lanes row_of_Y[vectors];
      unroll<vectors>([&](auto v) {
        row_of_Y[v] = narrow ? load_first(Y, narrow_columns) : load(Y + offset(v, Y_last));
      });
      unroll<rows>([&](auto r) {
        const Lanes factor(X[r * X_row]);
        unroll<vectors>([&](auto v) { sum[r][v] = fma(factor, row_of_Y[v], sum[r][v]); });
      });
      ++X;
      Y += Y_row;
    };
    std::int64_t k = tiles.terms;
    for (; k >= steps_at_once; k -= steps_at_once) unroll<steps_at_once>([&](auto) { step(); });
    for (; k > 0; --k) step();
    unroll<rows>([&](auto r) {
      float* const to = tiles.out + r * out_row;
      unroll<vectors>([&](auto v) {
        if constexpr (narrow) {
          store_first(to, sum[r][v], narrow_columns);
        } else {
          store(to + offset(v, out_last), sum[r][v]);
        }
      });
    });
    tiles.X += tiles.X_step;
    tiles.Y += tiles.Y_step;
    tiles.out += tiles.out_step;
  }
}

}  // namespace detail
}  // namespace trilbench::TRILBENCH_ISA
