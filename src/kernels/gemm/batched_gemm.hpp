// GEMM for a batch: out[p] = X[p] Y[p], any of the two broadcast.
//
// Idea: register tiles (tile.hpp) walk along K, X and Y where they lie; of one tile each, products follow
// each other in one loop. Where Y leaves L1, strips of it are packed, if X has the rows to pay for that;
// else, where it leaves L2, some of its rows are taken at a time, the next ones asked for meanwhile if the
// last level is near. Narrow products have tiles of their own: tiny_products.hpp, rows_abreast.hpp, dots.hpp.
// Threads take products, strips, or tiles.
//
// Cost: 2 M K N useful flops a product. Roundings: K; a term sees that of its product and at most K - 1
// additions, fused or not. (The sums begin with zero, to which the first product is added exactly.)
// Of the FMA peak, one thread, at 64x64x64@64x64 / 64x64@64x64x64 / 64x64x64@64x64x64: 0.97 / 0.95 / 0.95
// Zen 5, 0.94 / 0.95 / 0.95 Zen 4, 0.93 / 0.86 / 0.77 Sapphire Rapids (docs/lab/batched_gemm.md).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/gemm/dots.hpp"
#include "kernels/gemm/grid.hpp"
#include "kernels/gemm/rows_abreast.hpp"
#include "kernels/gemm/tiny_products.hpp"
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct BatchedGemmTuning {
  TileTuning tile{.most_rows = lanes == 16 ? 16 : lanes == 8 ? 12 : 8};
  std::int64_t least_packed_rows = 32;
  std::int64_t least_dot = 2 * lanes;
  std::int64_t rows_abreast = 64;  // of a tile of them
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
        grid_(grid_of(products)),
        tiny_(products.M, products.K, products.N, products.steps().X, products.steps().Y) {
    const std::int64_t M = products.M, K = products.K, N = products.N, row = N * std::int64_t{sizeof(float)};
    if (N < lanes) return;
    if (rows_of_strip() >= tuning.least_packed_rows && K * row >= 2 * caches.L1) {
      takes_ = Takes::packed;
      constexpr std::int64_t bytes_of_term = tuning.tile.vectors * lanes * std::int64_t{sizeof(float)};
      terms_ = std::clamp<std::int64_t>(std::min(caches.L2 / 256, caches.L2 / 2 / bytes_of_term), 1, K);
      adding_grid_ = TileGrid::of<tuning.tile, Tile{.adds = true}>(M, N);
    } else if (rows_of_strip() < tuning.least_packed_rows && K * row > caches.L2 &&
               M * row <= caches.L2 / 2 &&
               16 * row <= caches.L2) {  // out stays in L2, and so do the rows of Y that are asked for
      takes_ = Takes::streamed;
      constexpr std::int64_t least = 8, most = 64;
      // A far last level gives more by the hardware's prefetcher: a line that is asked for holds one of few
      // buffers for long.
      asks_ = !caches.far_last_level;
      terms_ = std::clamp(std::min(caches.L2 / 2 / row, asks_ ? least * M : most), std::min(K, least),
                          std::min(K, most));
      adding_grid_ = asks_ ? TileGrid::of<tuning.tile, Tile{.adds = true, .ahead = true}>(M, N)
                           : TileGrid::of<tuning.tile, Tile{.adds = true}>(M, N);
    }
  }

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
                             .rows = products_.M,
                             .B_last = 0,
                             .out_last = 0,
                             .A_step = steps.X,
                             .B_step = steps.Y,
                             .out_step = size};
          if (one_tile()) {
            if (tiny_.taken()) return tiny_.run(product.A, product.B, product.out, count);
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

  /// What was chosen, and why.
  template <class Explanation>
  void explain(Explanation& say) const {
    const Caches caches(say.machine);
    const std::int64_t M = products_.M, K = products_.K, N = products_.N;
    const auto bytes = [&](std::int64_t floats) { return say.bytes(floats * std::int64_t{sizeof(float)}); };
    say("products", products_.count(), " of ", M, "x", K, " by ", K, "x", N);
    if (one_tile() && tiny_.taken()) {
      say("path", "tiny products, ", lanes / (M * N), " to a register of ", lanes, " lanes");
    } else if (N == 1 && K >= tuning.least_dot) {
      say("path", "dot products: one column is one lane of a tile, and ", K, " terms fill registers");
    } else if (rows_abreast(tuning.rows_abreast, M, K, N)) {
      say("path", "rows abreast: ", lanes / N, " rows of out fill a register of ", lanes, " lanes");
    } else {
      grid_.explain(say);
      if (one_tile())
        say("Y", "where it lies: a product is one tile");
      else if (takes_ == Takes::packed)
        say("Y", "packed strip by strip, ", terms_, " rows at a time, ", bytes(packed_floats()), ": ",
            bytes(K * N), " are no less than two L1, ", say.bytes(2 * caches.L1), ", and ", rows_of_strip(),
            " rows of X pay for it");
      else if (takes_ == Takes::streamed)
        say("Y", terms_, " of its rows at a time, ", bytes(terms_ * N),
            asks_ ? ", the next on their way meanwhile: "
                  : ", which come as they follow from a far last level: ",
            bytes(K * N), " exceed an L2, ", say.bytes(caches.L2), ", and ", rows_of_strip(),
            " rows of X do not pay for packing");
      else
        say("Y", "where it lies, ", bytes(K * N), "; L1 ", say.bytes(caches.L1), ", L2 ",
            say.bytes(caches.L2));
    }
    explain_threads(say, parts_.parts(), "equal numbers of tiles, of products or within them");
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

  /// That a thread multiplies with a strip: few, where threads share one.
  std::int64_t rows_of_strip() const {
    const std::int64_t strips = products_.count() * grid_.strips();
    return strips >= parts_.parts() ? products_.M : strips * products_.M / parts_.parts();
  }

  bool one_tile() const { return grid_.strips() * grid_.tiles() == 1; }

  /// Floats of a thread's packed strip.
  std::int64_t packed_floats() const {
    return takes_ == Takes::packed ? terms_ * tuning.tile.vectors * lanes : 0;
  }

  static TileGrid grid_of(const Products& products) {
    const std::int64_t M = products.M, N = products.N;
    if (N == 1 && products.K >= tuning.least_dot)
      return TileGrid::of_one_strip(M, N, std::min(M, tuning.rows_abreast), multiply_column);
    if (const MultiplyTiles abreast = rows_abreast(tuning.rows_abreast, M, products.K, N))
      return TileGrid::of_one_strip(M, N, std::min(M, tuning.rows_abreast), abreast);
    return TileGrid::of<tuning.tile, Tile{}>(M, N);
  }

  /// Where a part begins. A strip that is packed is not cut, unless there are too few.
  Place place(int part) const {
    const std::int64_t strips = products_.count() * grid_.strips(), parts = parts_.parts();
    const bool whole_strips = takes_ == Takes::packed && (strips % parts == 0 || strips >= 8 * parts);
    const std::int64_t tiles =
        whole_strips ? strips * part / parts * grid_.tiles() : strips * grid_.tiles() * part / parts;
    const std::int64_t strip = tiles / grid_.tiles();
    return {products_.cursor(strip / grid_.strips()), strip % grid_.strips(), tiles % grid_.tiles()};
  }

  /// Of the product with this number what is the part's. Not inlined: what it keeps on the stack would take
  /// longer than tiny products do.
  [[gnu::noinline]] void multiply(const TileSeries& product, const Part& part, std::int64_t number,
                                  float* packed) const {
    const bool first = number == part.begin.cursor.product, last = number == part.end.cursor.product;
    const std::int64_t end = last ? part.end.strip : grid_.strips();
    const auto each_strip = [&](const auto& multiply_tiles) {
      for (std::int64_t i = first ? part.begin.strip : 0; i <= end; ++i) {
        const std::int64_t begin_tile = first && i == part.begin.strip ? part.begin.tile : 0;
        const std::int64_t end_tile = i < end ? grid_.tiles() : last ? part.end.tile : 0;
        if (begin_tile >= end_tile) continue;
        const TileGrid::Strip strip = grid_.strip(i);
        TileSeries tiles = product;
        tiles.B += strip.column;
        tiles.out += strip.column;
        tiles.B_last = tiles.out_last = strip.last;
        multiply_tiles(strip, tiles, begin_tile, end_tile);
      }
    };
    if (takes_ == Takes::streamed) return multiply_streamed(each_strip);
    each_strip([&](const TileGrid::Strip& strip, const TileSeries& tiles, std::int64_t begin_tile,
                   std::int64_t end_tile) {
      if (takes_ == Takes::packed) return multiply_packed(strip, tiles, begin_tile, end_tile, packed);
      multiply_strip(grid_, strip, tiles, begin_tile, end_tile);
    });
  }

  /// Some rows of Y after the other, whole ones, and all of those that follow on their way into L2 meanwhile,
  /// if they are asked for: a strip from top to bottom would take a piece of every page of Y, and wait for
  /// each.
  template <class EachStrip>
  void multiply_streamed(const EachStrip& each_strip) const {
    const std::int64_t K = products_.K, N = products_.N;
    each_strip([&](const TileGrid::Strip& strip, const TileSeries& tiles, std::int64_t begin_tile,
                   std::int64_t end_tile) {
      const std::int64_t height = grid_.height();
      for (std::int64_t m = begin_tile * height; m < std::min(end_tile * height, products_.M); ++m)
        std::fill_n(tiles.out + m * N, strip.last + lanes, 0.0f);
    });
    for (std::int64_t k = 0; k < K; k += terms_)
      each_strip([&](const TileGrid::Strip& strip, TileSeries tiles, std::int64_t begin_tile,
                     std::int64_t end_tile) {
        tiles.A += k;
        tiles.B += k * N;
        tiles.terms = std::min(terms_, K - k);
        // One line after the other, as memory likes it, or of a thread's part of the columns its own.
        const bool alone = parts_.parts() == 1;
        tiles.ahead = tiles.B + tiles.terms * N + (alone ? strip.column * (tiles.terms - 1) : 0);
        tiles.ahead_row = alone ? strip.vectors * lanes : N;
        multiply_strip(adding_grid_, strip, tiles, begin_tile, end_tile);
      });
  }

  void multiply_packed(const TileGrid::Strip& strip, TileSeries tiles, std::int64_t begin, std::int64_t end,
                       float* packed) const {
    const float* Y = tiles.B;
    tiles.B = packed;
    tiles.B_row = strip.vectors * lanes;
    tiles.B_last = tiles.B_row - lanes;
    for (std::int64_t k = 0; k < products_.K; k += terms_) {
      tiles.terms = std::min(terms_, products_.K - k);
      pack_columns(packed, Y + k * products_.N, products_.N, tiles.terms, strip.vectors, strip.last);
      multiply_strip(k == 0 ? grid_ : adding_grid_, strip, tiles, begin, end);
      tiles.A += terms_;
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
    tiles.rows = grid.height();
    tiles.count = whole;
    if (whole > 0) grid.whole(strip)(tiles);
    if (end <= grid.whole_tiles()) return;
    tiles.A += whole * tiles.A_step;
    tiles.out += whole * tiles.out_step;
    tiles.rows = grid.lowest_height();
    tiles.count = 1;
    grid.lowest(strip)(tiles);
  }

  Products products_;
  PartTable<Part> parts_;
  TileGrid grid_;
  TinyProducts tiny_;
  /// How Y is taken: where it lies; strip by strip, copied; some rows of it at a time.
  enum class Takes { in_place, packed, streamed } takes_ = Takes::in_place;
  TileGrid adding_grid_ = grid_;  // of terms behind the first
  bool asks_ = false;             // for the rows of Y that follow
  std::int64_t terms_ = 0;        // of Y at once: a packed strip of them stays in L2, and so do their rows
};

}  // namespace trilbench::TRILBENCH_ISA
