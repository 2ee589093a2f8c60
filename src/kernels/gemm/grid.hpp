// How a product is cut into tiles: strips of its columns, of nearly equal width, and rows of tiles, of nearly
// equal height, since a tile that is low or narrow is slow. Made by a plan, so that a run divides nothing.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/gemm/tile.hpp"
#include "kernels/quotients.hpp"

namespace trilbench::TRILBENCH_ISA {

class TileGrid {
 public:
  struct Strip {
    std::int64_t column;
    std::int64_t vectors;
    std::int64_t last;  // where its last vector begins, from its first column (TileSeries)
    bool narrower;
  };

  /// Less columns than lanes are one narrow strip. Tiles are as high as fits their width, or of the given
  /// height, which fits wider ones.
  template <TileTuning tuning, Tile tile>
  static TileGrid of(std::int64_t rows, std::int64_t columns, std::int64_t height = 0) {
    if (columns >= lanes) return TileGrid(rows, columns, height, tuning, tiles_of<tuning, tile>);
    constexpr Tile narrow{true, tile.adds, tile.staircase, tile.scales};
    return TileGrid(rows, columns, height, tuning, tiles_of<tuning, narrow>);
  }

  /// Tiles of one strip, by a function that takes any number of rows.
  static TileGrid of_one_strip(std::int64_t rows, std::int64_t columns, std::int64_t height,
                               MultiplyTiles multiply) {
    return TileGrid(rows, columns, height, {}, [=](std::int64_t, std::int64_t) { return multiply; });
  }

  std::int64_t strips() const { return strips_; }

  /// Vectors of the widest of them, and how many of those there are.
  std::int64_t widest() const { return widest_; }
  std::int64_t widest_strips() const { return strips_ - narrower_; }

  /// Of a tile, in rows; the lowest can have less.
  std::int64_t height() const { return height_; }

  /// Of the lowest where it has less.
  std::int64_t lowest_height() const { return lowest_height_; }

  /// Below each other in a strip: all, and those of full height.
  std::int64_t tiles() const { return tiles_; }
  std::int64_t whole_tiles() const { return whole_tiles_; }

  /// Strips are numbered from the left. The last is the widest: what its last vector overlaps is its own.
  Strip strip(std::int64_t index) const {
    const bool narrower = index < narrower_;
    const std::int64_t vectors = widest_ - narrower;
    const std::int64_t column = (index * widest_ - std::min(index, narrower_)) * lanes;
    const std::int64_t last = std::min((vectors - 1) * lanes, columns_ - lanes - column);
    return {column, vectors, columns_ < lanes ? columns_ : last, narrower};
  }

  /// Multiplies tiles of a strip: those of full height, or the lowest where it has less.
  MultiplyTiles whole(const Strip& strip) const { return whole_[strip.narrower]; }
  MultiplyTiles lowest(const Strip& strip) const { return lowest_[strip.narrower]; }

  template <class Explanation>
  void explain(Explanation& say) const {
    say("tiles", height_, " x ", widest_, " registers (rows x vectors of ", lanes,
        " floats); strips of columns: ", strips_, ", tiles in each: ", tiles_,
        ", rows of the lowest: ", lowest_height_ > 0 ? lowest_height_ : height_);
  }

 private:
  template <class TilesOfSize>  // (rows, vectors)
  TileGrid(std::int64_t rows, std::int64_t columns, std::int64_t height, const TileTuning& tuning,
           const TilesOfSize& tiles_of_size)
      : columns_(columns) {
    const std::int64_t vectors = quotient_above(columns, lanes);
    strips_ = quotient_above(vectors, tuning.vectors);
    widest_ = quotient_above(vectors, strips_);
    narrower_ = strips_ * widest_ - vectors;
    tiles_ = quotient_above(rows, height > 0 ? height : tuning.rows(static_cast<int>(widest_)));
    height_ = height > 0 ? height : quotient_above(rows, tiles_);
    whole_tiles_ = rows / height_;
    lowest_height_ = rows % height_;
    for (const bool narrower : {false, true}) {
      whole_[narrower] = tiles_of_size(height_, widest_ - narrower);
      lowest_[narrower] = tiles_of_size(lowest_height_, widest_ - narrower);
    }
  }

  std::int64_t columns_;
  std::int64_t strips_;
  std::int64_t widest_;    // vectors of a strip
  std::int64_t narrower_;  // strips of one vector less, which come first
  std::int64_t height_, lowest_height_, tiles_, whole_tiles_;
  MultiplyTiles whole_[2], lowest_[2];
};

}  // namespace trilbench::TRILBENCH_ISA
