// y = diag(share) tril(W) x for a batch of matrices x[rows, columns] and one W[rows, rows]; nothing above the
// diagonal of W is read.
//
// Idea: tiles of y, a few rows by a few registers (triangular_tile.hpp), walk along the rows' past. W is not
// packed: with few columns, packing O(T^2) weights would cost as much as using them. Rows of tiles go
// outermost: the tiles of one row of them, side by side and in as many matrices as have 512 KiB of x
// together, share their rows of W, which are read once. As many columns are taken together as make 512 KiB of
// x, half of a second-level cache of 1 MiB, where they stay meanwhile; if those are not all, they are copied
// side by side first, as rows far apart would share few sets of the caches. (Both sizes are the tuning's,
// whatever the CPU.)
//
// Matrices of less columns than lanes: where they leave half a register free, several are laid side by side;
// one of a single column, or of two long ones, takes dot products instead (triangular_dots.hpp).
//
// Measured on a two-core Sapphire Rapids VM that was not quiet, AVX-512, one thread, shares of the FMA peak,
// medians of nine (tril_matmul, W from memory, when columns and matrices of 1 MiB went together): 0.84 at
// 8x64x64, 0.92 at 8x256x64, 0.90 at 8x512x64, 0.92 at 8x1024x64, 0.88 at 8x1024x256, 0.90 at 4x2048x128,
// 0.84 at 32x256x384, 0.91 at 1x4096x64. The bare loop over k, with x in the first or the second level,
// reaches 0.996; what is missing are the ends of tiles, 4 to 5 % at T = 256, and memory. Two threads: 1.9
// to 2.0 times as fast, also one matrix of 1024 or 2048 rows.
// - AVX-512 takes 0.58 of AVX2's time at 8x1024x64. It does not pay where a matrix has fewer columns than
//   half its lanes: AVX2 is as fast or up to 1.6 times faster at 27 of the 60 small and odd shapes.
// - One matrix after the other at 8x1024x64: 0.87 against 0.90 to 0.93 with two or four together. W, 2 MiB of
//   triangle, comes from the third level each time.
// - Blocks along k, so that x stays in the first level: 0.78 against 0.87 at 8x1024x64, 0.59 against 0.88 at
//   1x4096x64; packed, less: the rows of W are then read in short pieces, each of which begins with misses.
// - Columns outermost, W read once for each tile's width of them: 0.85 at 8x1024x256.
// - Columns of half a MiB together instead of a whole one, on a two-core Zen 5 VM (second level of 1 MiB):
//   0.95 against 0.87 at 4x2048x128, 0.87 to 0.92 against 0.87 at 32x256x384, 0.95 against 0.90 at
//   64x2048x512. Also there: 0.93 at 8x256x64, 0.94 at 8x512x64, 0.97 at 8x1024x64, 0.84 to 0.87 at
//   1x4096x64, whose W comes from memory: blocks of 2046 terms, which let x stay in the cache, did not help.
// - Tiles of nearly equal width, 3 and 2 registers for 65 columns, instead of 4 and 1: 0.77 against 0.71 at
//   8x1024x65, 0.73 against 0.69 at 2x130x65 (Zen 5); no difference where 4 divides their number.
// - Columns of a wide matrix where they lie: 0.38 at 64x2048x512, 0.46 at 1x4096x384; copied: 0.86, 0.87.
// - Blocks of rows of W that stay in the second level while all matrices pass: 0.73 to 0.92 at 4x2048x128,
//   worse the smaller the blocks; x then comes from the third level again and again.
// - Tiles of 12x2 and 8x3 registers: 5 to 10 % slower. Calling ahead for x, y, the next matrix, for W four
//   lines ahead in its rows or the whole next tile of it: nothing, or 3 to 9 % less.
// - Narrow tiles of 6, 8 and 12 rows at 1x130x5: 2.5, 2.4 and 2.2 us. 9x130x1: 22 us one after the other, 4.7
//   by dot products, 4.2 side by side; 1x64x1: 0.69 us in narrow tiles, 0.15 by dot products.
//
// Cost: columns * rows * (rows + 1) useful flops a matrix.
//
// Roundings: a term of row t sees that of its product, at most t additions and the product with its row's
// share: t + 2 in all, fused or not; t + 1 without shares.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/parallel.hpp"
#include "kernels/shares.hpp"
#include "kernels/triangular_dots.hpp"
#include "kernels/triangular_tile.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct TriangularGemmTuning {
  // Registers: tile_rows * tile_vectors accumulators, tile_vectors of x and one broadcast.
  int tile_rows = lanes == 16 ? 6 : lanes == 8 ? 6 : 3;
  int tile_vectors = lanes == 16 ? 4 : lanes == 8 ? 2 : 3;
  int narrow_rows = 12;                   // where a row of x is less than a vector
  std::int64_t cached_bytes = 1 << 19;    // of x: columns taken together, to stay in the second-level cache
  std::int64_t together_bytes = 1 << 19;  // of x: matrices taken together, to share the rows of W
};

/// Floats from one row of W to the next, for those who lay it out: an odd number of cache lines, so that the
/// elements of a column spread over all sets of the first-level cache.
inline std::int64_t triangle_stride(std::int64_t rows) { return ((rows + 15) / 16 | 1) * 16; }

namespace detail {

/// Some matrices x[rows, columns] and y of the same shape, one after the other.
struct Matrices {
  const float* x;
  float* y;
  std::int64_t count;
};

inline void copy_columns(float* to, const float* from, std::int64_t stride, std::int64_t rows,
                         std::int64_t vectors) {
  for (std::int64_t row = 0; row < rows; ++row, from += stride)
    for (std::int64_t v = 0; v < vectors; ++v, to += lanes) store(to, load(from + v * lanes));
}

}  // namespace detail

/// y[b] = diag(share) tril(W) x[b]; x and y are [batches, rows, columns].
template <TriangularGemmTuning tuning = TriangularGemmTuning{}>
struct TriangularGemm {
  std::int64_t batches, rows, columns;

  /// Floats of scratch that all threads need.
  std::int64_t scratch_floats(int threads) const { return threads * scratch_of_thread(); }

  /// To be called by every thread of a team; returns without a barrier.
  void run(Team team, int threads, const Triangle& triangle, const float* x, float* y, float* scratch) const {
    team.each_part(threads, [&](int part) {
      const std::int64_t begin = triangle_share(batches, rows, unit(), part, threads);
      const std::int64_t end = triangle_share(batches, rows, unit(), part + 1, threads);
      float* const own_scratch = scratch + part * scratch_of_thread();
      for (std::int64_t at = begin; at < end;) {
        const std::int64_t first = at % rows;
        const std::int64_t last = std::min(rows, first + end - at);
        const std::int64_t whole = first > 0 ? 0 : (end - at) / rows;
        const std::int64_t count = std::clamp<std::int64_t>(whole, 1, most_together());
        const std::int64_t start = (at - first) * columns;
        run_rows(triangle, {x + start, y + start, count}, first, last, own_scratch);
        at += last - first + (count - 1) * rows;
      }
    });
  }

  /// Rows that a piece of work should be a multiple of.
  int unit() const { return columns == 1 ? lanes : tuning.tile_rows; }

  /// Whether some rows of all matrices may be asked for apart from the others: nothing is copied for them.
  bool rows_stand_alone() const { return narrow() ? batches == 1 : vectors_at_once() >= vectors(); }

  /// Rows [first, end) of all matrices, where rows stand alone; `first` is a multiple of the unit.
  void run_rows_alone(const Triangle& triangle, const float* x, float* y, std::int64_t first,
                      std::int64_t end) const {
    run_rows(triangle, {x, y, batches}, first, end, nullptr);
  }

 private:
  using Matrices = detail::Matrices;
  using Columns = detail::Columns;

  std::int64_t vectors() const { return (columns + lanes - 1) / lanes; }

  /// Narrow matrices that leave half a vector free are laid side by side.
  bool side_by_side() const { return 2 * columns <= lanes; }

  std::int64_t most_together() const {
    if (narrow() && !side_by_side()) return 1;
    return std::max<std::int64_t>(tuning.together_bytes / (rows * columns * std::int64_t{sizeof(float)}), 1);
  }

  /// Narrow matrices: less than a vector wide.
  bool narrow() const { return columns < lanes; }

  /// Vectors of columns of a wide matrix that are taken together.
  std::int64_t vectors_at_once() const {
    constexpr std::int64_t bytes = tuning.tile_vectors * std::int64_t{sizeof(Lanes)};
    return std::max<std::int64_t>(tuning.cached_bytes / (rows * bytes), 1) * tuning.tile_vectors;
  }

  std::int64_t scratch_of_thread() const {
    if (side_by_side()) return 2 * rows * columns * std::min(batches, most_together());
    return vectors_at_once() < vectors() ? rows * vectors_at_once() * lanes : 0;
  }

  /// Rows [first, end) of y for each of the matrices.
  void run_rows(const Triangle& triangle, const Matrices& matrices, std::int64_t first, std::int64_t end,
                float* scratch) const {
    if (narrow()) {
      if (columns == 1 && end > lanes && 2 * matrices.count < lanes)
        return run_column(triangle, matrices, first, end);
      if (matrices.count > 1) return run_side_by_side(triangle, matrices, scratch);
      if (columns == 2 && first == 0 && end == rows && rows >= 3 * lanes && scratch)
        return run_columns_apart(triangle, matrices, scratch);
      return run_narrow(triangle, {matrices.x, columns, matrices.y, columns, 0}, first, end);
    }
    if (vectors_at_once() >= vectors())
      return run_wide(triangle, {matrices.x, columns, matrices.y, columns, columns - lanes}, vectors(),
                      matrices.count, first, end);
    for (std::int64_t v = 0; v < vectors(); v += vectors_at_once()) {
      const std::int64_t count = std::min(vectors_at_once(), vectors() - v);
      const std::int64_t start = std::min(v * lanes, columns - count * lanes);  // the last may overlap
      for (std::int64_t m = 0; m < matrices.count; ++m) {
        const std::int64_t from = m * rows * columns + start;
        detail::copy_columns(scratch, matrices.x + from, columns, end, count);
        const Columns some{scratch, count * lanes, matrices.y + from, columns, (count - 1) * lanes};
        run_wide(triangle, some, count, 1, first, end);
      }
    }
  }

  /// Of `count` matrices the columns that are given of the first, `vectors` wide; the last vector begins at
  /// columns.last.
  void run_wide(const Triangle& triangle, const Columns& all, std::int64_t wide, std::int64_t count,
                std::int64_t first, std::int64_t end) const {
    for (std::int64_t row = first; row < end; row += tuning.tile_rows)
      for (std::int64_t m = 0; m < count; ++m)
        for (std::int64_t v = 0; v < wide;) {
          const std::int64_t width = next_width(wide - v);
          const std::int64_t start = v * lanes;
          const std::int64_t from = m * rows * columns + start;
          const std::int64_t last = std::min((v + width - 1) * lanes, all.last) - start;
          detail::triangular_tile_of<tuning.tile_rows, tuning.tile_vectors, false>(
              end - row, width, triangle, {all.x + from, all.x_stride, all.y + from, all.y_stride, last},
              row);
          v += width;
        }
  }

  /// The width of the next tile where `vectors` are left. Widths are nearly equal, as a narrow tile is slow.
  static std::int64_t next_width(std::int64_t vectors) {
    const std::int64_t tiles = (vectors + tuning.tile_vectors - 1) / tuning.tile_vectors;
    return (vectors + tiles - 1) / tiles;
  }

  static void run_narrow(const Triangle& triangle, const Columns& matrix, std::int64_t first,
                         std::int64_t end) {
    for (std::int64_t row = first; row < end; row += tuning.narrow_rows)
      detail::triangular_tile_of<tuning.narrow_rows, 1, true>(end - row, 1, triangle, matrix, row);
  }

  /// Rows of matrices of one column; `first` is a multiple of lanes.
  void run_column(const Triangle& triangle, const Matrices& matrices, std::int64_t first,
                  std::int64_t end) const {
    for (std::int64_t m = 0; m < matrices.count; ++m)
      for (std::int64_t row = first; row < end; row += lanes) {
        const auto count = static_cast<int>(std::min<std::int64_t>(lanes, end - row));
        Lanes y = triangular_dots(triangle.W, triangle.stride, matrices.x + m * rows, row, end);
        if (triangle.share) y = y * load_first(triangle.share + row, count);
        store_first(matrices.y + m * rows + row, y, count);
      }
  }

  /// A whole matrix of few columns: each of them as a matrix of its own.
  void run_columns_apart(const Triangle& triangle, const Matrices& matrix, float* scratch) const {
    float* const y = scratch + rows * columns;
    for (std::int64_t c = 0; c < columns; ++c)
      for (std::int64_t row = 0; row < rows; ++row) scratch[c * rows + row] = matrix.x[row * columns + c];
    run_column(triangle, {scratch, y, columns}, 0, rows);
    for (std::int64_t row = 0; row < rows; ++row)
      for (std::int64_t c = 0; c < columns; ++c) matrix.y[row * columns + c] = y[c * rows + row];
  }

  /// Whole narrow matrices: their rows are laid side by side, as one matrix that fills the lanes.
  void run_side_by_side(const Triangle& triangle, const Matrices& matrices, float* scratch) const {
    const std::int64_t wide = matrices.count * columns;
    float* const y = scratch + rows * wide;
    copy_rows(matrices.count, scratch, columns, wide, matrices.x, rows * columns, columns);
    if (wide < lanes) {
      run_narrow(triangle, {scratch, wide, y, wide, 0}, 0, rows);
    } else {
      run_wide(triangle, {scratch, wide, y, wide, wide - lanes}, (wide + lanes - 1) / lanes, 1, 0, rows);
    }
    copy_rows(matrices.count, matrices.y, rows * columns, columns, y, columns, wide);
  }

  /// The rows of `count` narrow matrices. Both places have distances from a matrix and from a row to the
  /// next.
  void copy_rows(std::int64_t count, float* to, std::int64_t to_matrix, std::int64_t to_row,
                 const float* from, std::int64_t from_matrix, std::int64_t from_row) const {
    const auto width = static_cast<int>(columns);
    for (std::int64_t row = 0; row < rows; ++row, to += to_row, from += from_row)
      for (std::int64_t m = 0; m < count; ++m)
        store_first(to + m * to_matrix, load_first(from + m * from_matrix, width), width);
  }
};

}  // namespace trilbench::TRILBENCH_ISA
