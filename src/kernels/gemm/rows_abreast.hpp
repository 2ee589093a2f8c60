// Tiles of products whose N columns are a power of two and a part of a register only, and whose K is at most
// N: some rows of out, which follow each other, fill a register, and so do their rows of X at most. Each term
// spreads its column of them over the lanes, and repeats its row of Y.
//
// Cost: for as many rows as fill a register a load, K shuffles, K fused multiply-adds and a store. Roundings:
// those of a tile (tile.hpp), in the same order.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernels/gemm/tile.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// The rows of A and of out lie side by side, in as many registers as are filled; 0: in any number.
template <int N, int K, int filled>
[[gnu::flatten]] void multiply_rows_abreast(const TileSeries& series) {
  constexpr int abreast = lanes / N;
  static_assert(abreast * K <= lanes);
  const float* first_A = series.A;
  const float* B = series.B;
  float* first_out = series.out;
  const std::int64_t A_step = series.A_step, B_step = series.B_step, out_step = series.out_step;
  for (std::int64_t count = series.count; count > 0; --count) {
    Lanes row_of_B[K];
    unroll<K>([&](auto k) { row_of_B[k] = load_repeated<N>(B + k * N); });
    const auto product = [&](Lanes rows_of_A) {
      Lanes sum(0.0f);
      unroll<K>([&](auto k) {
        constexpr int term = k;
        constexpr auto source = [](int lane) { return lane / N * K + term; };
        sum = fma(shuffle(rows_of_A, rows_of_A, source), row_of_B[k], sum);
      });
      return sum;
    };
    const float* A = first_A;
    float* out = first_out;
    unroll<filled>([&](auto r) { store(out + r * lanes, product(load(A + r * lanes))); });
    std::int64_t rows = filled > 0 ? 0 : series.rows;
    for (; rows >= abreast; rows -= abreast, A += abreast * K, out += lanes)
      store(out, product(abreast * K == lanes ? load(A) : load_first(A, abreast * K)));
    if (const auto left = static_cast<int>(rows); left > 0)
      store_first(out, product(load_first(A, left * K)), left * N);
    first_A += A_step;
    B += B_step;
    first_out += out_step;
  }
}

}  // namespace detail

/// The function for such tiles, of at most so many rows, of products X[M, K] Y[K, N]; nullptr for others, and
/// where a register takes more rows than there are. Of stacks of small squares a tile has no loop.
inline MultiplyTiles rows_abreast(std::int64_t most_rows, std::int64_t M, std::int64_t K, std::int64_t N) {
  const auto n = static_cast<std::uint64_t>(N);
  if (!std::has_single_bit(n) || N == 1 || 2 * N > lanes || K > N || M * N < lanes) return nullptr;
  constexpr int most = std::countr_zero(static_cast<unsigned>(lanes / 2));
  return with_constant<most>(std::countr_zero(n), [&](auto log_N) {
    constexpr int width = 1 << log_N;
    const std::int64_t filled = K == N && M <= most_rows && M * N % lanes == 0 ? M * N / lanes : 0;
    if (filled == 1) return MultiplyTiles(detail::multiply_rows_abreast<width, width, 1>);
    if (filled == 2) return MultiplyTiles(detail::multiply_rows_abreast<width, width, 2>);
    if (filled == 4) return MultiplyTiles(detail::multiply_rows_abreast<width, width, 4>);
    return with_constant<width>(K, [](auto terms) -> MultiplyTiles {
      return detail::multiply_rows_abreast<width, decltype(terms)::value, 0>;
    });
  });
}

}  // namespace trilbench::TRILBENCH_ISA
