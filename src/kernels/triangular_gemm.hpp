// y = diag(share) tril(W) x for a batch of matrices x[rows, columns] and one W[rows, rows]; nothing above the
// diagonal of W is read.
//
// Idea: a tile of y, `tile_rows` rows by `tile_vectors` registers, stays in registers while it walks along
// the rows' past: an element of W is broadcast from its row and multiplied with vectors of a row of x.
// W is not packed: with few columns, packing O(T^2) weights would cost as much as using them. Where the tile
// meets the diagonal, row i takes only the terms up to its own (an unrolled staircase): the future is never
// multiplied by zero, so neither NaN nor infinity leaks from it.
//
// Rows of tiles go outermost: the tiles of one row of them, side by side, share their rows of W, which are
// read once. As many columns are taken together as let x stay in the second-level cache meanwhile; if those
// are not all, they are copied side by side first, as rows far apart would share few sets of the caches.
//
// Measured on a two-core Sapphire Rapids VM that was not quiet, AVX-512, one thread, shares of the FMA peak
// in turns of a millisecond: 0.95 at 8x256x64, 0.94 at 8x1024x64, 0.92 at 8x1024x256, 0.95 at 4x2048x128,
// 0.87 at 32x256x384. The bare loop over k, with x in the first or the second level, reaches 0.996; what is
// missing are the ends of tiles, 4 to 5 % at T = 256, and memory: with x and y held in the second level
// 32x256x384 reaches 0.92.
// - Columns outermost, W read once for each tile's width of them: 0.85 at 8x1024x256.
// - Columns of a wide matrix where they lie: 0.38 at 64x2048x512, 0.46 at 1x4096x384; copied: 0.86, 0.87.
// - Blocks of rows of W that stay in the second level while all matrices pass: 0.73 to 0.92 at 4x2048x128,
//   worse the smaller the blocks; x then comes from the third level again and again.
// - Tiles of 12x2 and 8x3 registers: 5 to 10 % slower. Calling ahead for x, y, the next matrix: nothing or
//   less; in chunks of 16 steps it cost 5 %. Calling for the beginning of the next tile's rows of W: 1 %.
//
// Cost: columns * rows * (rows + 1) useful flops a matrix. The tile reads, for each k, tile_vectors vectors
// of x and tile_rows floats of W for tile_rows * tile_vectors fused multiply-adds.
//
// Roundings: a term of row t sees that of its product, at most t additions and the product with its row's
// share: t + 2 in all, fused or not; t + 1 without shares.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/parallel.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct TriangularGemmTuning {
  // Registers: tile_rows * tile_vectors accumulators, tile_vectors of x and one broadcast.
  int tile_rows = lanes == 16 ? 6 : lanes == 8 ? 6 : 3;
  int tile_vectors = lanes == 16 ? 4 : lanes == 8 ? 2 : 3;
  std::int64_t cached_bytes = 1 << 20;  // of x: columns taken together, to stay in the second-level cache
};

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

/// Rows [first, end) of y, in all columns; the last vector of the `vectors` begins at columns.last.
template <TriangularGemmTuning tuning>
void triangular_rows(const Triangle& triangle, const Columns& columns, std::int64_t vectors,
                     std::int64_t first, std::int64_t end) {
  for (std::int64_t row = first; row < end; row += tuning.tile_rows)
    for (std::int64_t v = 0; v < vectors; v += tuning.tile_vectors) {
      const std::int64_t start = v * lanes;
      const std::int64_t last = std::min((v + tuning.tile_vectors - 1) * lanes, columns.last) - start;
      const Columns tile{columns.x + start, columns.x_stride, columns.y + start, columns.y_stride, last};
      triangular_tile_of<tuning.tile_rows, tuning.tile_vectors, false>(end - row, vectors - v, triangle, tile,
                                                                       row);
    }
}

inline void copy_columns(float* to, const float* from, std::int64_t stride, std::int64_t rows,
                         std::int64_t vectors) {
  for (std::int64_t row = 0; row < rows; ++row, from += stride)
    for (std::int64_t v = 0; v < vectors; ++v, to += lanes) store(to, load(from + v * lanes));
}

}  // namespace detail

/// How the columns of a matrix are taken: all at once, or some vectors together after the others.
template <TriangularGemmTuning tuning = TriangularGemmTuning{}>
struct TriangularGemmColumns {
  std::int64_t rows, columns;
  std::int64_t vectors = (columns + lanes - 1) / lanes;
  std::int64_t together =
      std::max<std::int64_t>(tuning.cached_bytes / (rows * tuning.tile_vectors * std::int64_t{sizeof(Lanes)}),
                             1) *
      tuning.tile_vectors;

  bool all_at_once() const { return together >= vectors; }

  /// Floats of scratch for each thread.
  std::int64_t scratch_floats() const { return all_at_once() ? 0 : rows * together * lanes; }
};

namespace detail {

/// Rows [first, end) of y for one matrix x[rows, columns].
template <TriangularGemmTuning tuning>
void triangular_matrix(const Triangle& triangle, const float* x, float* y,
                       const TriangularGemmColumns<tuning>& all, std::int64_t first, std::int64_t end,
                       float* scratch) {
  const std::int64_t columns = all.columns;
  if (columns < lanes) {
    for (std::int64_t row = first; row < end; row += tuning.tile_rows)
      triangular_tile_of<tuning.tile_rows, 1, true>(end - row, 1, triangle, {x, columns, y, columns, 0}, row);
  } else if (all.all_at_once()) {
    triangular_rows<tuning>(triangle, {x, columns, y, columns, columns - lanes}, all.vectors, first, end);
  } else {
    for (std::int64_t v = 0; v < all.vectors; v += all.together) {
      const std::int64_t vectors = std::min(all.together, all.vectors - v);
      const std::int64_t start = std::min(v * lanes, columns - vectors * lanes);  // the last may overlap
      copy_columns(scratch, x + start, columns, end, vectors);
      triangular_rows<tuning>(triangle, {scratch, vectors * lanes, y + start, columns, (vectors - 1) * lanes},
                              vectors, first, end);
    }
  }
}

}  // namespace detail

/// Floats from one row of W to the next, for those who lay it out: an odd number of cache lines, so that the
/// elements of a column spread over all sets of the first-level cache.
inline std::int64_t triangle_stride(std::int64_t rows) { return ((rows + 15) / 16 | 1) * 16; }

/// Where the `part`-th of `parts` pieces of equal area begins, among `batches` triangles of `rows` rows laid
/// end to end, as an index of a row: batch * rows + row. A triangle cut at half its rows would be split 25 to
/// 75.
inline std::int64_t triangle_share(std::int64_t batches, std::int64_t rows, int unit, int part, int parts) {
  const double area = 0.5 * static_cast<double>(rows) * static_cast<double>(rows + 1);
  const double before = area * static_cast<double>(batches) * part / parts;
  const auto batch = static_cast<std::int64_t>(before / area);
  const double within = before - area * static_cast<double>(batch);
  const auto row = static_cast<std::int64_t>((std::sqrt(8 * within + 1) - 1) / 2);
  return batch * rows + std::min(rows, (row + unit / 2) / unit * unit);
}

/// y[b] = diag(share) tril(W) x[b]. x and y are [batches, rows, columns]; scratch holds `threads` times
/// TriangularGemmColumns::scratch_floats. To be called by every thread of a team; returns without a barrier.
template <TriangularGemmTuning tuning = TriangularGemmTuning{}>
void triangular_gemm(Team team, int threads, const Triangle& triangle, const float* x, float* y,
                     std::int64_t batches, std::int64_t rows, std::int64_t columns, float* scratch) {
  const TriangularGemmColumns<tuning> all{rows, columns};
  team.each_part(threads, [&](int part) {
    const std::int64_t begin = triangle_share(batches, rows, tuning.tile_rows, part, threads);
    const std::int64_t end = triangle_share(batches, rows, tuning.tile_rows, part + 1, threads);
    float* const own_scratch = scratch + part * all.scratch_floats();
    for (std::int64_t at = begin; at < end;) {
      const std::int64_t batch = at / rows;
      const std::int64_t first = at - batch * rows;
      const std::int64_t last = std::min(rows, first + end - at);
      const std::int64_t start = batch * rows * columns;
      detail::triangular_matrix(triangle, x + start, y + start, all, first, last, own_scratch);
      at += last - first;
    }
  });
}

}  // namespace trilbench::TRILBENCH_ISA
