// The register tile: out = A B, some rows by some registers that stay while they walk along the terms. An
// element of A is broadcast from its row and multiplied with vectors of a row of B; nothing is packed here.
//
// What a tile does beside is fixed when it is compiled (Tile): whether it begins with what is in `out`
// (prologue), ends with a staircase, in which row i takes one term more than row i - 1, and multiplies each
// row with a scale before it stores it (epilogue).
//
// Cost: for each term `vectors` loads of B and `rows` broadcasts for rows * vectors fused multiply-adds.
// Roundings: for each term that of its product, then one for each later addition, and one for a scale.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/memory/caches.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// The sizes of tiles. Registers: the accumulators, the vectors of B, a broadcast and, without fused
/// multiply-adds, a product.
struct TileTuning {
  int vectors = registers == 32 ? 4 : lanes >= 8 ? 2 : 3;
  int accumulators = registers == 32 ? 24 : lanes >= 8 ? 12 : 9;
  int most_rows = 12;

  constexpr int rows(int width) const { return std::min(accumulators / width, most_rows); }
};

/// What a tile is made for.
struct Tile {
  bool narrow = false;     // B and out have fewer columns than lanes
  bool adds = false;       // to what is in out
  bool staircase = false;  // behind the terms follow as many as there are rows, of which row i takes i + 1
  bool scales = false;     // multiplies row i with scale[i] in the end
  bool ahead = false;      // asks for lines that later tiles need, as many as it reads of B
  bool next = false;       // asks for the lines of out that come next, a part of them with each term
};

/// The operands of tiles of equal size, `count` of them, each a step behind the one before.
struct TileSeries {
  const float* A = nullptr;
  std::int64_t A_row;  // floats from one row to the next
  const float* B = nullptr;
  std::int64_t B_row;
  float* out = nullptr;
  std::int64_t out_row;
  std::int64_t terms = 0;
  std::int64_t rows = 0;         // of a tile, for functions that are not made for a number of them
  const float* ahead = nullptr;  // what is asked for, term by term
  std::int64_t ahead_row = 0;
  const char* next = nullptr;  // what is asked for, so many bytes further with each term
  std::int64_t next_step = 0;
  // Where the last vector of a row begins, in B and in out. It may overlap the one before: both compute the
  // same. If narrow, the number of columns instead.
  std::int64_t B_last = 0;
  std::int64_t out_last = 0;
  const float* scale = nullptr;
  std::int64_t count = 1;
  std::int64_t A_step = 0;
  std::int64_t B_step = 0;
  std::int64_t out_step = 0;
};

namespace detail {

template <int rows, int vectors, Tile tile>
[[gnu::flatten]] void multiply_tiles(const TileSeries& series) {
  static_assert(!tile.narrow || vectors == 1);
  const std::int64_t A_row = series.A_row, B_row = series.B_row, out_row = series.out_row;
  const std::int64_t B_last = series.B_last, out_last = series.out_last;
  const auto offset = [](auto v, std::int64_t last) { return v == vectors - 1 ? last : v * lanes; };
  const auto load_at = [&](const float* from, auto v, std::int64_t last) {
    return tile.narrow ? load_first(from, static_cast<int>(last)) : load(from + offset(v, last));
  };
  const float* first_A = series.A;
  const float* first_B = series.B;
  float* out = series.out;
  [[maybe_unused]] const char* next = series.next;
  [[maybe_unused]] const std::int64_t next_step = series.next_step;
  if constexpr (tile.staircase)
    for (int r = 0; r < rows; ++r) __builtin_prefetch(first_A + (rows + r) * A_row);  // the next tile's
  for (std::int64_t count = series.count; count > 0; --count) {
    Lanes sum[rows][vectors];
    // Rows of out are walked down, and four of A have a pointer: of addresses as many as rows g++ would keep
    // some in vector registers, and to fetch them from there takes the ports of multiply-adds.
    const float* before = tile.adds ? opaque(out) : nullptr;
    unroll<rows>([&](auto r) {
      unroll<vectors>([&](auto v) { sum[r][v] = tile.adds ? load_at(before, v, out_last) : Lanes(0.0f); });
      if constexpr (tile.adds && r + 1 < rows) before += out_row;
    });
    constexpr int at_a_pointer = 4, pointers = (rows + at_a_pointer - 1) / at_a_pointer;
    const float* A[pointers];
    unroll<pointers>([&](auto i) { A[i] = opaque(first_A + i * at_a_pointer * A_row); });
    const float* B = first_B;
    [[maybe_unused]] const float* ahead = series.ahead;
    const auto term = [&](auto first_row) {
      Lanes row_of_B[vectors];
      if constexpr (tile.next) {
        __builtin_prefetch(next, 0, into_L2);
        next += next_step;
      }
      unroll<vectors>([&](auto v) {
        if constexpr (tile.ahead) __builtin_prefetch(ahead + v * lanes, 0, into_L2);
        row_of_B[v] = load_at(B, v, B_last);
      });
      unroll<rows>([&](auto r) {
        if constexpr (r >= first_row) {
          const Lanes factor(A[r / at_a_pointer][r % at_a_pointer * A_row]);
          unroll<vectors>([&](auto v) { sum[r][v] = fma(factor, row_of_B[v], sum[r][v]); });
        }
      });
      unroll<pointers>([&](auto i) { ++A[i]; });
      B += B_row;
      if constexpr (tile.ahead) ahead += series.ahead_row;
    };
    // By the compiler: several terms written out here would be mixed by g++ until it runs out of registers.
#pragma GCC unroll 2
    for (std::int64_t k = series.terms; k > 0; --k) term(std::integral_constant<int, 0>());
    if constexpr (tile.staircase) unroll<rows>(term);
    float* to = opaque(out);
    unroll<rows>([&](auto r) {
      if constexpr (tile.scales) {
        const Lanes scale(series.scale[r]);
        unroll<vectors>([&](auto v) { sum[r][v] = sum[r][v] * scale; });
      }
      unroll<vectors>([&](auto v) {
        if constexpr (tile.narrow) {
          store_first(to, sum[r][v], static_cast<int>(out_last));
        } else {
          store(to + offset(v, out_last), sum[r][v]);
        }
      });
      if constexpr (r + 1 < rows) to += out_row;
    });
    first_A += series.A_step;
    first_B += series.B_step;
    out += series.out_step;
  }
}

}  // namespace detail

/// A function that multiplies a series of tiles of one size.
using MultiplyTiles = void (*)(const TileSeries&);

/// The one for tiles of `rows` rows, `vectors` wide; nullptr for no rows. Narrower ones than fit ask for
/// nothing that comes next.
template <TileTuning tuning, Tile tile>
MultiplyTiles tiles_of(std::int64_t rows, std::int64_t vectors) {
  constexpr int widest = tile.narrow ? 1 : tuning.vectors;
  if (rows == 0) return nullptr;
  return with_constant<widest>(vectors, [&](auto width) {
    return with_constant<tuning.rows(width)>(rows, [](auto height) -> MultiplyTiles {
      constexpr int w = decltype(width)::value;
      constexpr Tile asking = tile, quiet{tile.narrow, tile.adds, tile.staircase, tile.scales, tile.ahead};
      return detail::multiply_tiles < height, w, w == tuning.vectors ? asking : quiet > ;
    });
  });
}

/// Copies columns of a matrix, so that their rows lie side by side; `last` is where the last vector begins.
inline void pack_columns(float* to, const float* from, std::int64_t from_row, std::int64_t rows,
                         std::int64_t vectors, std::int64_t last) {
  for (std::int64_t k = 0; k < rows; ++k, from += from_row) {
    for (std::int64_t v = 0; v + 1 < vectors; ++v, to += lanes) store(to, load(from + v * lanes));
    store(to, load(from + last));
    to += lanes;
  }
}

}  // namespace trilbench::TRILBENCH_ISA
