// GEMM for a batch: out[p] = X[p] Y[p], any of the two broadcast.
//
// Idea: register tiles (tile.hpp) walk along K, X and Y where they lie. Where a product is one tile, the
// tiles of all products follow each other in one loop. Strips of Y, a tile wide, are packed where Y leaves L1
// and the rows of X are enough to pay for it. Threads take products, or strips, or tiles of few strips.
//
// Cost: 2 M K N useful flops a product. Roundings: K; a term sees that of its product and at most K - 1
// additions, fused or not. (The sums begin with zero, to which the first product is added exactly.)
// Of the FMA peak, one thread, at 64x64x64@64x64 / 64x64@64x64x64 / 64x64x64@64x64x64: 0.97 / 0.95 / 0.95
// Zen 5, 0.93 / 0.86 / 0.77 Sapphire Rapids (docs/lab/batched_gemm.md).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/gemm/grid.hpp"
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct BatchedGemmTuning {
  TileTuning tile{.most_rows = lanes == 16 ? 16 : lanes == 8 ? 12 : 8};
  std::int64_t least_packed_rows = 32;
};

/// The plan of products X[M, K] Y[K, N] as operations/broadcast_matmul/products.hpp has them: their sizes,
/// their count, and how they follow each other in X and in Y.
template <class Products, BatchedGemmTuning tuning = BatchedGemmTuning{}>
class BatchedGemm {
  // Neighbouring strips can be different threads' (TileGrid::strip).
  static_assert(tuning.tile.vectors >= 2);

 public:
  BatchedGemm(const Products& products, int threads, const Caches& caches)
      : products_(products),
        parts_(threads),
        grid_(TileGrid::of<tuning.tile, Tile{}>(products.M, products.N)),
        adding_grid_(TileGrid::of<tuning.tile, Tile{.adds = true}>(products.M, products.N)),
        packs_(products.N >= lanes && products.M >= tuning.least_packed_rows &&
               products.K * products.N * std::int64_t{sizeof(float)} >= 2 * caches.L1),
        packed_terms_(std::clamp<std::int64_t>(caches.L2 / 256, 1, products.K)) {}

  /// For all threads.
  std::size_t scratch_bytes() const {
    return parts_.bytes() + static_cast<std::size_t>(parts_.parts() * packed_floats()) * sizeof(float);
  }

  void prepare(void* scratch) const {
    parts_.prepare(scratch, [this](int part) {
      const Place end = place(part + 1);
      return Part{place(part), end, end.cursor.product + (end.strip > 0 || end.tile > 0)};
    });
  }

  void run(const float* const* inputs, float* out, void* scratch) const {
    parallel(parts_.parts(), [&, X = inputs[0], Y = inputs[1]](Team team) {
      const auto steps = products_.steps();
      const std::int64_t K = products_.K, N = products_.N, size = products_.M * N;
      const bool one_tile = grid_.strips() * grid_.tiles() == 1;
      float* const packed = reinterpret_cast<float*>(parts_.behind(scratch));
      parts_.each_part(team, scratch, [&](const Part& part, int index) {
        const auto multiply_run = [&](const Cursor& cursor, std::int64_t count) {
          TileSeries product{.A = X + cursor.offset.X,
                             .A_row = K,
                             .B = Y + cursor.offset.Y,
                             .B_row = N,
                             .out = out + cursor.product * size,
                             .out_row = N,
                             .terms = K,
                             .B_last = 0,
                             .out_last = 0,
                             .A_step = steps.X,
                             .B_step = steps.Y,
                             .out_step = size};
          if (one_tile) {
            const TileGrid::Strip all = grid_.strip(0);
            product.B_last = product.out_last = all.last;
            product.count = count;
            return grid_.whole(all)(product);
          }
          for (std::int64_t i = cursor.product; i < cursor.product + count; ++i) {
            multiply(product, part, i, packed + index * packed_floats());
            product.A += steps.X;
            product.B += steps.Y;
            product.out += size;
          }
        };
        products_.each_run(part.begin.cursor, part.end_product, multiply_run);
      });
    });
  }

 private:
  using Cursor = typename Products::Cursor;

  /// The tiles of a product come strip after strip, from top to bottom.
  struct Place {
    Cursor cursor;
    std::int64_t strip, tile;
  };

  struct Part {
    Place begin, end;
    std::int64_t end_product;  // behind the last of which it has something
  };

  /// Floats of a thread's packed strip.
  std::int64_t packed_floats() const { return packs_ ? packed_terms_ * tuning.tile.vectors * lanes : 0; }

  /// Where a part begins. A strip that is packed is not cut, unless there are too few.
  Place place(int part) const {
    const std::int64_t strips = products_.count() * grid_.strips(), parts = parts_.parts();
    const bool whole_strips = packs_ && (strips % parts == 0 || strips >= 8 * parts);
    const std::int64_t tiles =
        whole_strips ? strips * part / parts * grid_.tiles() : strips * grid_.tiles() * part / parts;
    const std::int64_t strip = tiles / grid_.tiles();
    return {products_.cursor(strip / grid_.strips()), strip % grid_.strips(), tiles % grid_.tiles()};
  }

  /// Of the product with this number what is the part's.
  void multiply(const TileSeries& product, const Part& part, std::int64_t number, float* packed) const {
    const bool first = number == part.begin.cursor.product, last = number == part.end.cursor.product;
    const std::int64_t end = last ? part.end.strip : grid_.strips();
    for (std::int64_t i = first ? part.begin.strip : 0; i <= end; ++i) {
      const std::int64_t begin_tile = first && i == part.begin.strip ? part.begin.tile : 0;
      const std::int64_t end_tile = i < end ? grid_.tiles() : last ? part.end.tile : 0;
      if (begin_tile >= end_tile) continue;
      const TileGrid::Strip strip = grid_.strip(i);
      TileSeries tiles = product;
      tiles.B += strip.column;
      tiles.out += strip.column;
      tiles.B_last = tiles.out_last = strip.last;
      if (packs_) {
        multiply_packed(strip, tiles, begin_tile, end_tile, packed);
      } else {
        multiply_strip(grid_, strip, tiles, begin_tile, end_tile);
      }
    }
  }

  void multiply_packed(const TileGrid::Strip& strip, TileSeries tiles, std::int64_t begin, std::int64_t end,
                       float* packed) const {
    const float* Y = tiles.B;
    tiles.B = packed;
    tiles.B_row = strip.vectors * lanes;
    tiles.B_last = tiles.B_row - lanes;
    for (std::int64_t k = 0; k < products_.K; k += packed_terms_) {
      tiles.terms = std::min(packed_terms_, products_.K - k);
      pack_columns(packed, Y + k * products_.N, products_.N, tiles.terms, strip.vectors, strip.last);
      multiply_strip(k == 0 ? grid_ : adding_grid_, strip, tiles, begin, end);
      tiles.A += packed_terms_;
    }
  }

  /// Tiles [begin, end) of a strip whose operands are given.
  static void multiply_strip(const TileGrid& grid, const TileGrid::Strip& strip, TileSeries tiles,
                             std::int64_t begin, std::int64_t end) {
    const std::int64_t whole = std::min(end, grid.whole_tiles()) - begin;
    tiles.A_step = grid.height() * tiles.A_row;
    tiles.B_step = 0;
    tiles.out_step = grid.height() * tiles.out_row;
    tiles.A += begin * tiles.A_step;
    tiles.out += begin * tiles.out_step;
    tiles.count = whole;
    if (whole > 0) grid.whole(strip)(tiles);
    if (end <= grid.whole_tiles()) return;
    tiles.A += whole * tiles.A_step;
    tiles.out += whole * tiles.out_step;
    tiles.count = 1;
    grid.lowest(strip)(tiles);
  }

  Products products_;
  PartTable<Part> parts_;
  TileGrid grid_;
  TileGrid adding_grid_;  // of terms behind those that were packed at first
  bool packs_;
  std::int64_t packed_terms_;  // at once, so that a strip stays in L2
};

}  // namespace trilbench::TRILBENCH_ISA
