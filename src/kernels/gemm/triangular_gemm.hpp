// TRMM out of place: y = tril(W) x for a batch of matrices x[rows, columns] and one W[rows, rows], each row
// times a scale where the weights are not normalised. Nothing above the diagonal of W is read.
//
// Idea: register tiles (tile.hpp) walk along the rows' past up to the diagonal, W unpacked: packing O(T^2)
// weights would cost as much as using them. Rows of tiles go outermost, so that the tiles side by side, in as
// many matrices as have half an L2 of x together, read their rows of W once. What L2 does not keep of out is
// asked for a tile ahead: fetched by the stores, it is in the way of x. Wide matrices are cut into half an L2
// of columns, copied. Narrow ones are laid side by side, or take dot products (triangular_dots.hpp).
//
// Cost: columns * rows * (rows + 1) useful flops a matrix. Roundings: a term of row t sees that of its
// product and at most t additions, t + 1 in all, fused or not, and one more of the scale. Of the FMA peak at
// 8x1024x64, one thread: 0.97 Zen 5, 0.92 Emerald Rapids (docs/lab/triangular_gemm.md).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/gemm/grid.hpp"
#include "kernels/gemm/short_triangle.hpp"
#include "kernels/gemm/triangle.hpp"
#include "kernels/gemm/triangular_dots.hpp"
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/quotients.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

// Compiled once, in triangular_tiles.cpp.
extern template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true}>(std::int64_t, std::int64_t);
extern template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true, .next = true}>(std::int64_t,
                                                                                            std::int64_t);
extern template MultiplyTiles tiles_of<TileTuning{}, Tile{.narrow = true, .staircase = true}>(std::int64_t,
                                                                                              std::int64_t);
extern template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true, .scales = true}>(std::int64_t,
                                                                                              std::int64_t);
extern template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true, .scales = true, .next = true}>(
    std::int64_t, std::int64_t);
extern template MultiplyTiles tiles_of<TileTuning{}, Tile{.narrow = true, .staircase = true, .scales = true}>(
    std::int64_t, std::int64_t);

/// The plan of a product with matrices x and y[batches, rows, columns], the matrices one after the other.
template <TileTuning tuning = TileTuning{}, bool scales = false>
class TriangularGemm {
 public:
  TriangularGemm(std::int64_t batches, std::int64_t rows, std::int64_t columns, int threads,
                 const Caches& caches)
      : batches_(batches),
        rows_(rows),
        columns_(columns),
        parts_(threads),
        short_(short_triangle<scales>(batches, rows, columns)),
        grid_(grid_of(rows, columns)) {
    const std::int64_t cached = caches.L2 / 2 / (rows * float_bytes);  // columns of x
    constexpr std::int64_t strip = tuning.vectors * lanes;
    if (!narrow()) {
      together_ = std::max<std::int64_t>(cached / columns, 1);
      at_once_ = std::max<std::int64_t>(cached / strip, 1) * strip;
      if (copies()) {
        grid_ = grid_of(rows, at_once_);
        // As high as the first: pieces of work end where its tiles do.
        other_grid_ = grid_of(rows, padded(columns - (columns - 1) / at_once_ * at_once_), grid_.height());
        floats_of_part_ = rows * at_once_;
      } else if (bytes_moved() > threads * caches.L2 && grid_.widest() == tuning.vectors) {
        asks_ = true;
        grid_ = TileGrid::of<tuning, Tile{.staircase = true, .scales = scales, .next = true}>(rows, columns);
      }
    } else if (short_) {
      together_ = batches;
    } else if (2 * columns <= lanes) {
      together_ = std::clamp<std::int64_t>(cached / columns, 1, quotient_above(batches, threads));
      if (together_ > 1 || columns == 2) {
        const std::int64_t wide = padded(together_ * columns);
        other_grid_ = grid_of(rows, wide);
        floats_of_part_ = 2 * rows * wide;
      }
    }
  }

  /// For all threads.
  std::size_t scratch_bytes() const {
    return parts_.bytes() + static_cast<std::size_t>(parts_.parts() * floats_of_part_ * float_bytes);
  }

  void prepare(void* scratch) const {
    parts_.prepare(scratch, [this](int part) { return part_of(part); });
  }

  std::int64_t rows() const { return rows_; }

  /// W, whose rows follow each other, and x.
  void run(const float* const* inputs, float* y, void* scratch) const {
    run({inputs[0], rows_}, inputs[1], y, scratch);
  }

  void run(const Triangle& triangle, const float* x, float* y, void* scratch) const {
    parallel(parts_.parts(), [&](Team team) { run(team, triangle, x, y, scratch); });
  }

  /// The same, called by every thread of a team; returns without a barrier.
  void run(Team team, const Triangle& triangle, const float* x, float* y, void* scratch) const {
    if (short_ && team.size == 1) return short_(triangle, x, y, batches_, rows_);
    run_parts(team, triangle, x, y, scratch);
  }

  /// Rows that a piece of work should be a multiple of.
  int unit() const { return static_cast<int>(short_ ? rows_ : columns_ == 1 ? lanes : grid_.height()); }

  /// Whether some rows of all matrices may be asked for apart from the others: nothing is copied for them.
  bool rows_stand_alone() const { return narrow() ? batches_ == 1 : !copies(); }

  /// Rows [first, end) of all matrices, where rows stand alone; `first` is a multiple of the unit, and so is
  /// `end`, or it is the last.
  void run_rows_alone(const Triangle& triangle, const float* x, float* y, std::int64_t first,
                      std::int64_t end) const {
    const Piece piece{batches_, first, end};
    run_where_it_lies(path_of_rows(piece), triangle, x, y, piece);
  }

  /// What was chosen, and why; of run_rows_alone, if that is what is called.
  template <class Explanation>
  void explain(Explanation& say, bool rows_alone = false) const {
    struct Pieces {
      std::int64_t count = 0, largest = 0;  // in matrices
    };
    Pieces all, of_path[static_cast<int>(Path::copied) + 1];
    const auto note = [&](Path path, const Piece& piece) {
      for (Pieces* const pieces : {&all, &of_path[static_cast<int>(path)]}) {
        ++pieces->count;
        pieces->largest = std::max(pieces->largest, piece.count);
      }
    };
    if (const Piece piece{batches_, 0, rows_}; rows_alone)
      note(path_of_rows(piece), piece);
    else
      for (int part = 0; part < parts_.parts(); ++part)
        each_piece(part_of(part), [&](std::int64_t, const Piece& of) { note(path_of(of), of); });
    for (const Path path :
         {Path::abreast, Path::dots, Path::tiles, Path::side_by_side, Path::columns_apart, Path::copied}) {
      const Pieces& pieces = of_path[static_cast<int>(path)];
      if (pieces.count == 0) continue;
      explain_path(say, path, pieces.largest);
      if (pieces.count < all.count) say("pieces", "so ", pieces.count, " of ", all.count);
    }
    if (rows_alone) return;
    explain_threads(say, parts_.parts(), "parts of the batch's triangles of equal area, cut between tiles");
  }

 private:
  /// How a piece is multiplied; the first three copy nothing.
  enum class Path { abreast, dots, tiles, side_by_side, columns_apart, copied };

  struct Place {
    std::int64_t matrix, row;
  };

  struct Part {
    Place begin, end;
  };

  /// Rows [first, end) of `count` matrices.
  struct Piece {
    std::int64_t count, first, end;
  };

  /// Neighbouring columns of x and y, and how far apart their rows are.
  struct Columns {
    const float* x;
    std::int64_t x_row;
    float* y;
    std::int64_t y_row;
  };

  static constexpr std::int64_t float_bytes = sizeof(float);

  /// x and y.
  std::int64_t bytes_moved() const { return 2 * batches_ * rows_ * columns_ * float_bytes; }

  static std::int64_t padded(std::int64_t columns) { return multiple_above(columns, lanes); }

  /// Less than a vector wide.
  bool narrow() const { return columns_ < lanes; }

  /// Whether a wide matrix is cut into columns, which are copied.
  bool copies() const { return at_once_ < columns_; }

  bool takes_dots(const Piece& piece) const {
    return columns_ == 1 && rows_ > lanes && 2 * piece.count < lanes;
  }

  static TileGrid grid_of(std::int64_t rows, std::int64_t columns, std::int64_t height = 0) {
    return TileGrid::of<tuning, Tile{.staircase = true, .scales = scales}>(rows, columns, height);
  }

  TileGrid grid_side_by_side(std::int64_t count) const {
    return count == together_ ? other_grid_ : grid_of(rows_, padded(count * columns_));
  }

  // Not inlined: what it keeps on the stack would take longer than small matrices do.
  [[gnu::noinline]] void run_parts(Team team, const Triangle& triangle, const float* x, float* y,
                                   void* scratch) const {
    float* const floats = reinterpret_cast<float*>(parts_.behind(scratch));
    parts_.each_part(team, scratch, [&](const Part& part, int index) {
      each_piece(part, [&](std::int64_t matrix, const Piece& piece) {
        const std::int64_t start = matrix * rows_ * columns_;
        run_piece(triangle, x + start, y + start, piece, floats + index * floats_of_part_);
      });
    });
  }

  Part part_of(int part) const {
    const Range range = part_of_triangles(batches_, rows_, unit(), part, parts_.parts());
    return {{range.begin / rows_, range.begin % rows_}, {range.end / rows_, range.end % rows_}};
  }

  /// Calls body(first matrix, piece) for the pieces of a part.
  template <class Body>
  void each_piece(const Part& part, const Body& body) const {
    const Place end = part.end;
    for (Place at = part.begin; at.matrix < end.matrix || at.row < end.row;) {
      Piece piece{1, at.row, at.matrix == end.matrix ? end.row : rows_};
      if (at.row == 0 && at.matrix < end.matrix) piece.count = std::min(end.matrix - at.matrix, together_);
      body(at.matrix, piece);
      at = piece.end == rows_ ? Place{at.matrix + piece.count, 0} : Place{at.matrix, piece.end};
    }
  }

  /// Of rows that stand alone.
  Path path_of_rows(const Piece& piece) const {
    if (short_) return Path::abreast;
    return takes_dots(piece) ? Path::dots : Path::tiles;
  }

  Path path_of(const Piece& piece) const {
    if (const Path path = path_of_rows(piece); path != Path::tiles) return path;
    if (narrow() && piece.count > 1) return Path::side_by_side;
    if (columns_ == 2 && piece.end - piece.first == rows_ && rows_ >= 3 * lanes) return Path::columns_apart;
    return narrow() || !copies() ? Path::tiles : Path::copied;
  }

  /// `count`: the matrices of the largest piece that goes so.
  template <class Explanation>
  void explain_path(Explanation& say, Path path, std::int64_t count) const {
    const auto bytes = [&](std::int64_t floats) { return say.bytes(floats * float_bytes); };
    const auto half = say.bytes(Caches(say.machine).L2 / 2);
    switch (path) {
      case Path::abreast:
        say("path", "rows of several matrices side by side in a register: at most ", most_short_rows,
            " rows, whose columns leave half of ", lanes, " lanes free");
        break;
      case Path::dots:
        say("path", "dot products, ", lanes, " rows at once: x has one column, which is one lane of a tile");
        break;
      case Path::tiles:
        say("path", "tiles, W and x where they lie: x of a matrix, ", bytes(rows_ * columns_),
            ", against half an L2, ", half);
        if (asks_)
          say("out", "asked for a tile ahead of its stores, line by line: x and out are ",
              say.bytes(bytes_moved()), ", more than an L2 for each thread, ",
              say.bytes(Caches(say.machine).L2));
        if (count > 1) say("matrices", "up to ", count, " of ", batches_, " share what is read of W");
        grid_.explain(say);
        break;
      case Path::side_by_side:
        say("path", "tiles of matrices side by side, copied: ", columns_, " columns leave half of ", lanes,
            " lanes free; up to ", count, " matrices, whose x of ", bytes(count * rows_ * columns_),
            " fit half an L2, ", half);
        grid_side_by_side(count).explain(say);
        break;
      case Path::columns_apart:
        say("path", "dot products, ", lanes, " rows at once, of the ", columns_,
            " columns of a whole matrix, which are copied apart");
        break;
      case Path::copied:
        say("path", "tiles, columns of x copied, ", at_once_, " of ", columns_, " at a time, ",
            bytes(rows_ * at_once_), ": whole strips of tiles that fit half an L2, ", half, ", or one");
        grid_.explain(say);
    }
  }

  void run_where_it_lies(Path path, const Triangle& triangle, const float* x, float* y,
                         const Piece& piece) const {
    if (path == Path::abreast) return short_(triangle, x, y, piece.count, rows_);
    if (path == Path::dots) return run_column(triangle, x, y, piece);
    run_tiles(grid_, triangle, {x, columns_, y, columns_}, piece);
  }

  void run_piece(const Triangle& triangle, const float* x, float* y, const Piece& piece,
                 float* scratch) const {
    const Path path = path_of(piece);
    if (path == Path::side_by_side) return run_side_by_side(triangle, x, y, piece.count, scratch);
    if (path == Path::columns_apart) return run_columns_apart(triangle, x, y, scratch);
    if (path != Path::copied) return run_where_it_lies(path, triangle, x, y, piece);
    for (std::int64_t m = 0; m < piece.count; ++m, x += rows_ * columns_, y += rows_ * columns_)
      for (std::int64_t column = 0; column < columns_; column += at_once_) {
        const bool whole = columns_ - column > at_once_;
        const std::int64_t width = whole ? at_once_ : padded(columns_ - column);
        const std::int64_t start = std::min(column, columns_ - width);  // the last may overlap
        pack_columns(scratch, x + start, columns_, piece.end, width / lanes, width - lanes);
        run_tiles(whole ? grid_ : other_grid_, triangle, {scratch, width, y + start, columns_},
                  {1, piece.first, piece.end});
      }
  }

  /// The columns that are given of the first of the piece's matrices, of all of them.
  void run_tiles(const TileGrid& grid, const Triangle& triangle, const Columns& all,
                 const Piece& piece) const {
    const std::int64_t size = rows_ * columns_;
    TileSeries tiles{.A_row = triangle.stride, .B_row = all.x_row, .out_row = all.y_row};
    if (grid.strips() == 1 && !asks_) {
      tiles.count = piece.count;
      tiles.B_step = tiles.out_step = size;
    }
    for (std::int64_t row = piece.first; row < piece.end; row += grid.height()) {
      const bool lowest = piece.end - row < grid.height();
      tiles.A = triangle.W + row * triangle.stride;
      tiles.terms = row;
      if constexpr (scales) tiles.scale = triangle.scale + row;
      const std::int64_t below = row + grid.height(), terms = below;  // of a tile's last row
      if (asks_)
        tiles.next_step =
            quotient_above(grid.height() * columns_ * float_bytes, grid.widest_strips() * terms);
      for (std::int64_t m = 0; m < piece.count; m += tiles.count) {
        if (asks_) {  // the same rows of the next matrix, or the next rows of the first
          const bool last = m + 1 == piece.count;
          const std::int64_t first = last ? 0 : (m + 1) * size;
          const std::int64_t next_row = !last ? row : below < piece.end ? below : piece.first;
          tiles.next = reinterpret_cast<const char*>(all.y + first + next_row * columns_);
        }
        for (std::int64_t i = 0; i < grid.strips(); ++i) {
          const TileGrid::Strip strip = grid.strip(i);
          const std::int64_t start = m * size + strip.column;
          tiles.B = all.x + start;
          tiles.out = all.y + row * all.y_row + start;
          tiles.B_last = tiles.out_last = strip.last;
          (lowest ? grid.lowest(strip) : grid.whole(strip))(tiles);
          if (asks_ && !strip.narrower) tiles.next += terms * tiles.next_step;
        }
      }
    }
  }

  /// Rows of matrices of one column; the first is a multiple of lanes.
  void run_column(const Triangle& triangle, const float* x, float* y, const Piece& piece) const {
    for (std::int64_t m = 0; m < piece.count; ++m, x += rows_, y += rows_)
      for (std::int64_t row = piece.first; row < piece.end; row += lanes) {
        const auto count = static_cast<int>(std::min<std::int64_t>(lanes, piece.end - row));
        Lanes dots = triangular_dots(triangle.W, triangle.stride, x, row, piece.end);
        if constexpr (scales) dots = dots * load_first(triangle.scale + row, count);
        store_first(y + row, dots, count);
      }
  }

  /// A whole matrix of few columns: each of them as a matrix of its own.
  void run_columns_apart(const Triangle& triangle, const float* x, float* y, float* scratch) const {
    float* const own_y = scratch + rows_ * columns_;
    for (std::int64_t c = 0; c < columns_; ++c)
      for (std::int64_t row = 0; row < rows_; ++row) scratch[c * rows_ + row] = x[row * columns_ + c];
    run_column(triangle, scratch, own_y, {columns_, 0, rows_});
    for (std::int64_t row = 0; row < rows_; ++row)
      for (std::int64_t c = 0; c < columns_; ++c) y[row * columns_ + c] = own_y[c * rows_ + row];
  }

  /// Whole narrow matrices: their rows are laid side by side, as one matrix of whole vectors.
  void run_side_by_side(const Triangle& triangle, const float* x, float* y, std::int64_t count,
                        float* scratch) const {
    const std::int64_t wide = padded(count * columns_);
    float* const own_y = scratch + rows_ * wide;
    with_constant<lanes / 2>(columns_, [&](auto width) {
      for (std::int64_t row = 0; row < rows_; ++row) {
        float* to = scratch + row * wide;
        store(to + wide - lanes, Lanes(0.0f));
        const float* from = x + row * width;
        for (std::int64_t m = 0; m < count; ++m, to += width, from += rows_ * width)
          std::copy_n(from, int{width}, to);
      }
    });
    const Columns all{scratch, wide, own_y, wide};
    run_tiles(grid_side_by_side(count), triangle, all, {1, 0, rows_});
    with_constant<lanes / 2>(columns_, [&](auto width) {
      for (std::int64_t row = 0; row < rows_; ++row) {
        const float* from = own_y + row * wide;
        float* to = y + row * width;
        for (std::int64_t m = 0; m < count; ++m, from += width, to += rows_ * width)
          std::copy_n(from, int{width}, to);
      }
    });
  }

  std::int64_t batches_, rows_, columns_;
  PartTable<Part> parts_;
  MultiplyShort short_;          // nullptr: the matrices are none such
  TileGrid grid_;                // of all columns, or of those at once
  TileGrid other_grid_ = grid_;  // of the last columns, or of narrow matrices side by side
  std::int64_t together_ = 1;    // matrices that share what is read of W
  std::int64_t at_once_ = 0;     // columns of a wide matrix
  bool asks_ = false;            // widest tiles for out, a tile ahead: an L2 does not keep it
  std::int64_t floats_of_part_ = 0;
};

}  // namespace trilbench::TRILBENCH_ISA
