// out[p] = X[p] Y[p] for a batch of products of dense matrices, any of the two broadcast.
//
// Idea: a tile of a product, some rows by some registers, stays in registers while it walks along K: an
// element of X is broadcast from its row and multiplied with vectors of a row of Y. Where the rows of one
// product fit a tile, the tiles of all products follow each other in one loop.
//
// Measured on a two-core Sapphire Rapids VM that was not quiet, AVX-512, one thread, shares of the FMA peak,
// medians of nine: 0.93 at 64x64x64@64x64, 0.84 to 0.88 at 64x64@64x64x64, 0.77 at 64x64x64@64x64x64 (3 MiB,
// more than the second level), 0.88 to 0.91 at 512x512@512x512. What is missing at 64x64@64x64x64 is no
// memory: eight products, which stay in the second level with all they write, reach 0.87. It is the ends of
// eleven tiles a product; one product of 4096 rows has as many, but keeps its Y in the first level.
// On a two-core Zen 5 VM 0.97, 0.95 and 0.95 at the three with 64 products.
// - Four steps of k at once: 3 % faster at 64x64x64@64x64, 1.5 % at 64x64@64x64x64. Calling for the rows of
//   out that the next tile writes: nothing.
// - Two threads: 1.97 to 2.0 times as fast at those with 64 products, 1.96 at 1024x1024@1024x64, whose one
//   strip is cut into pieces; tiny products are slower with two than with one.
// - AVX-512 takes 0.59 of AVX2's time at 64x64x64@64x64. At 64x4x4@64x4x4 it takes 1.27 times as long: a row
//   fills a quarter of its register, and half of AVX2's.
//
// Cost: 2 M K N useful flops a product. A tile reads, for each k, its vectors of Y and an element of X a row.
//
// Roundings: K in all: a term sees that of its product and at most K - 1 additions, fused or not. (The sums
// begin with zero, to which the first product is added exactly.)
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "kernels/parallel.hpp"
#include "kernels/product_batch.hpp"
#include "kernels/product_tiles.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct BatchedGemmTuning {
  // Registers of a tile: rows * vectors accumulators, its vectors of Y and one broadcast.
  int tile_vectors = lanes == 16 ? 4 : lanes == 8 ? 2 : 3;
  int accumulators = lanes == 16 ? 24 : lanes == 8 ? 12 : 9;
  int most_rows = lanes == 16 ? 16 : lanes == 8 ? 12 : 8;
  // Strips of Y, a tile wide, are copied to lie side by side where Y leaves the first-level cache and the
  // rows of X are enough to pay for it; their length lets them stay in the second-level cache.
  std::int64_t least_packed_bytes = 64 << 10;
  std::int64_t least_packed_rows = 32;
  std::int64_t packed_terms = 4096;

  constexpr int rows_of_tile(int vectors) const { return std::min(accumulators / vectors, most_rows); }
};

namespace detail {

/// Picks the tile of the given height.
template <int most_rows, int vectors, bool narrow>
void multiply_tiles_of(std::int64_t rows, const TileSeries& tiles) {
  if constexpr (most_rows > 1)
    if (rows < most_rows) return multiply_tiles_of<most_rows - 1, vectors, narrow>(rows, tiles);
  multiply_tiles<most_rows, vectors, narrow>(tiles);
}

/// Whole tiles one below the other, then what is left; of nearly equal height, as a low one is slow.
template <BatchedGemmTuning tuning, int vectors, bool narrow>
void multiply_rows(TileSeries tiles, std::int64_t rows) {
  constexpr int most = tuning.rows_of_tile(vectors);
  const std::int64_t least_tiles = (rows + most - 1) / most;
  const std::int64_t height = (rows + least_tiles - 1) / least_tiles;
  tiles.count = rows / height;
  tiles.X_step = height * tiles.X_row;
  tiles.Y_step = 0;
  tiles.out_step = height * tiles.out_row;
  multiply_tiles_of<most, vectors, narrow>(height, tiles);
  const std::int64_t done = tiles.count * height;
  if (done == rows) return;
  tiles.X += done * tiles.X_row;
  tiles.out += done * tiles.out_row;
  tiles.count = 1;
  multiply_tiles_of<most, vectors, narrow>(rows - done, tiles);
}

/// Copies a strip of Y so that its rows lie side by side.
inline void copy_strip(float* to, const float* from, std::int64_t row, std::int64_t rows,
                       std::int64_t vectors, std::int64_t last) {
  for (std::int64_t k = 0; k < rows; ++k, from += row) {
    for (std::int64_t v = 0; v + 1 < vectors; ++v, to += lanes) store(to, load(from + v * lanes));
    store(to, load(from + last));
    to += lanes;
  }
}

/// Calls body with the width of a strip as a constant.
template <int most, class Body>
void with_width(std::int64_t vectors, const Body& body) {
  if constexpr (most > 1)
    if (vectors < most) return with_width<most - 1>(vectors, body);
  body(std::integral_constant<int, most>());
}

}  // namespace detail

template <BatchedGemmTuning tuning = BatchedGemmTuning{}>
class BatchedGemm {
  // The last strip is the widest: what its last vector overlaps is its own, and no other thread's.
  static_assert(tuning.tile_vectors >= 2);

 public:
  explicit BatchedGemm(const ProductBatch& batch) : batch_(batch) {}

  /// Floats of scratch for each thread.
  std::int64_t scratch_floats() const {
    return packs() ? std::min(batch_.K, tuning.packed_terms) * tuning.tile_vectors * lanes : 0;
  }

  /// To be called by every thread of a team; returns without a barrier. Scratch holds `threads` times
  /// scratch_floats.
  void run(Team team, int threads, const float* X, const float* Y, float* out, float* scratch) const {
    team.each_part(threads, [&](int part) {
      if (packs()) {
        packed(X, Y, out, part, threads, scratch + part * scratch_floats());
      } else if (batch_.N < lanes) {
        unpacked<true>(X, Y, out, part, threads);
      } else {
        unpacked<false>(X, Y, out, part, threads);
      }
    });
  }

 private:
  struct Strip {
    std::int64_t column, vectors;
    std::int64_t last;  // where its last vector begins, from its first column
  };

  std::int64_t vectors() const { return (batch_.N + lanes - 1) / lanes; }
  std::int64_t strips() const { return (vectors() + tuning.tile_vectors - 1) / tuning.tile_vectors; }

  Strip strip(std::int64_t index) const {
    const std::int64_t first = vectors() * index / strips();
    const std::int64_t end = vectors() * (index + 1) / strips();
    const std::int64_t column = first * lanes;
    return {column, end - first, std::min((end - 1) * lanes, batch_.N - lanes) - column};
  }

  bool packs() const {
    return batch_.N >= lanes && batch_.M >= tuning.least_packed_rows &&
           batch_.K * batch_.N * std::int64_t{sizeof(float)} >= tuning.least_packed_bytes;
  }

  /// The `part`-th of `parts` nearly equal shares of all rows of all products, cut between products or, where
  /// these have many rows, between tiles.
  std::int64_t share(int part, int parts) const {
    const std::int64_t unit =
        tuning.rows_of_tile(static_cast<int>(std::min<std::int64_t>(vectors(), tuning.tile_vectors)));
    const std::int64_t row = batch_.count() * batch_.M * part / parts;
    const std::int64_t within = row % batch_.M;
    return row - (batch_.M < 2 * unit ? within : within % unit);
  }

  template <bool narrow>
  void unpacked(const float* X, const float* Y, float* out, int part, int parts) const {
    const std::int64_t M = batch_.M, N = batch_.N;
    const std::int64_t begin = share(part, parts), end = share(part + 1, parts);
    if (begin == end) return;
    const bool one_tile = strips() == 1 && M <= tuning.rows_of_tile(static_cast<int>(vectors()));
    const ProductSteps steps = batch_.steps();
    batch_.each_run(begin / M, (end + M - 1) / M,
                    [&](std::int64_t product, ProductSteps at, std::int64_t count) {
                      detail::TileSeries tiles = unpacked_tiles(X + at.X, Y + at.Y, out + product * M * N);
                      if (one_tile) {
                        tiles.count = count;
                        multiply_products<narrow>(tiles);
                      } else {
                        for (; count > 0; --count, ++product) {
                          multiply_product<narrow>(tiles, std::max<std::int64_t>(begin - product * M, 0),
                                                   std::min(end - product * M, M));
                          tiles.X += steps.X;
                          tiles.Y += steps.Y;
                          tiles.out += M * N;
                        }
                      }
                    });
  }

  /// Products of one tile each.
  template <bool narrow>
  void multiply_products(const detail::TileSeries& tiles) const {
    detail::with_width<narrow ? 1 : tuning.tile_vectors>(vectors(), [&](auto width) {
      detail::multiply_tiles_of<tuning.rows_of_tile(width), width, narrow>(batch_.M, tiles);
    });
  }

  /// Rows [first, end) of one product.
  template <bool narrow>
  void multiply_product(detail::TileSeries tiles, std::int64_t first, std::int64_t end) const {
    tiles.X += first * tiles.X_row;
    tiles.out += first * tiles.out_row;
    for (std::int64_t i = 0; i < strips(); ++i) {
      const Strip own = strip(i);
      detail::TileSeries columns = tiles;
      columns.Y += own.column;
      columns.out += own.column;
      columns.Y_last = columns.out_last = own.last;
      multiply_strip<narrow>(own, columns, end - first);
    }
  }

  template <bool narrow>
  void multiply_strip(const Strip& strip, const detail::TileSeries& tiles, std::int64_t rows) const {
    detail::with_width<narrow ? 1 : tuning.tile_vectors>(
        strip.vectors, [&](auto width) { detail::multiply_rows<tuning, width, narrow>(tiles, rows); });
  }

  /// Into how many pieces the rows of a strip are cut, so that few strips leave no thread idle.
  std::int64_t pieces_of_strip(int parts) const {
    const std::int64_t all = batch_.count() * strips();
    return all % parts != 0 && all < 8 * std::int64_t{parts} ? parts : 1;
  }

  /// Each strip of Y in turn, copied to `scratch`; the strips of all products, or pieces of them, are shared
  /// among the parts.
  void packed(const float* X, const float* Y, float* out, int part, int parts, float* scratch) const {
    const std::int64_t M = batch_.M, N = batch_.N;
    const std::int64_t pieces = pieces_of_strip(parts), each = strips() * pieces;
    const std::int64_t all = batch_.count() * each;
    const std::int64_t begin = all * part / parts, end = all * (part + 1) / parts;
    const ProductSteps steps = batch_.steps();
    batch_.each_run(begin / each, (end + each - 1) / each,
                    [&](std::int64_t product, ProductSteps at, std::int64_t count) {
                      detail::TileSeries tiles = unpacked_tiles(X + at.X, Y + at.Y, out + product * M * N);
                      for (; count > 0; --count, ++product) {
                        const std::int64_t first = std::max<std::int64_t>(begin - product * each, 0);
                        const std::int64_t last = std::min(end - product * each, each);
                        for (std::int64_t i = first; i < last; ++i) {
                          const std::int64_t piece = i % pieces;
                          multiply_packed(strip(i / pieces), tiles, M * piece / pieces,
                                          M * (piece + 1) / pieces, scratch);
                        }
                        tiles.X += steps.X;
                        tiles.Y += steps.Y;
                        tiles.out += M * N;
                      }
                    });
  }

  /// Rows [first, end) of a strip.
  void multiply_packed(const Strip& strip, const detail::TileSeries& product, std::int64_t first,
                       std::int64_t end, float* scratch) const {
    if (first == end) return;
    const std::int64_t width = strip.vectors * lanes;
    for (std::int64_t k = 0; k < batch_.K; k += tuning.packed_terms) {
      detail::TileSeries tiles = product;
      tiles.terms = std::min(tuning.packed_terms, batch_.K - k);
      detail::copy_strip(scratch, product.Y + k * product.Y_row + strip.column, product.Y_row, tiles.terms,
                         strip.vectors, strip.last);
      tiles.X += first * tiles.X_row + k;
      tiles.Y = scratch;
      tiles.Y_row = width;
      tiles.Y_last = width - lanes;
      tiles.out += first * tiles.out_row + strip.column;
      tiles.out_last = strip.last;
      tiles.add = k > 0;
      multiply_strip<false>(strip, tiles, end - first);
    }
  }

  /// The operands of a product; of its tiles, those that are one product apart.
  detail::TileSeries unpacked_tiles(const float* X, const float* Y, float* out) const {
    const std::int64_t M = batch_.M, K = batch_.K, N = batch_.N;
    const Strip only = strip(0);
    return {.X = X,
            .X_row = K,
            .X_step = batch_.steps().X,
            .Y = Y,
            .Y_row = N,
            .Y_step = batch_.steps().Y,
            .out = out,
            .out_row = N,
            .out_step = M * N,
            .terms = K,
            .Y_last = only.last,
            .out_last = only.last,
            .add = false,
            .count = 1};
  }

  ProductBatch batch_;
};

}  // namespace trilbench::TRILBENCH_ISA
