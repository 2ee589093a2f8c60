// The inner loops of the prefix mean: running sums of whole rows, kept in registers.
//
// Sums are kept in blocks: `block` holds the sum of the rows since the block began, `carry` that of all rows
// before it. The caller folds the one into the other (src/kernels/prefix_mean.hpp says why). Each holds one
// vector of floats for each vector of a row, so that a last vector which overlaps the one before it has sums
// of its own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "kernels/caches.hpp"
#include "kernels/streaming_ring.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct RunningSums {
  float* block;
  float* carry;
};

/// Vectors of a row of `columns` floats.
inline std::int64_t vectors_of_row(std::int64_t columns) { return (columns + lanes - 1) / lanes; }

/// What becomes of the means.
enum class Means {
  dropped,   // only the sums are wanted
  stored,    // in the first-level cache
  fetched,   // the lines of y are called for before the stores come to them
  streamed,  // past the caches; rows of y begin with a register's boundary
  ringed,    // the same by way of a ring, for rows that begin anywhere
};

/// Where x lies: its lines are called for ahead if it is past the caches.
enum class Source { cache, memory };

/// Where rows follow each other in memory.
class PlainRows {
 public:
  explicit PlainRows(float* first) : row_(first) {}
  float* row() const { return row_; }
  void advance(std::int64_t floats) { row_ += floats; }

 private:
  float* row_;
};

/// Where the means of the next rows go.
template <Means means>
using RowsOf = std::conditional_t<means == Means::ringed, StreamingRing, PlainRows>;

namespace detail {

/// How far ahead the lines of x are called for: twice as far gained nothing, half as far lost 4 %.
inline constexpr std::int64_t floats_ahead_of_sums = 64 * floats_of_line;

/// Adds a vector of x to its block's sum, and writes the mean of what it has seen to y.
template <Means means, Source source>
[[gnu::always_inline]] inline void add_vector(Lanes& block, Lanes carry, Lanes share, const float* x,
                                              float* y) {
  if constexpr (means == Means::fetched) __builtin_prefetch(y + floats_ahead_of_stores);
  if constexpr (source == Source::memory) __builtin_prefetch(x + floats_ahead_of_sums, 0, into_second_level);
  block = block + load(x);
  if constexpr (means == Means::dropped) return;
  const Lanes mean = (carry + block) * share;
  if constexpr (means == Means::streamed) {
    stream(y, mean);
  } else {
    store(y, mean);
  }
}

/// Walks `rows` rows of `vectors` vectors, of which the last starts at `last_offset`, with the sums in
/// registers.
template <Means means, Source source, int vectors>
[[gnu::flatten]] RowsOf<means> walk_in_registers(const float* x, RowsOf<means> to, std::int64_t columns,
                                                 std::int64_t rows, std::int64_t last_offset,
                                                 const float* reciprocal, RunningSums sums) {
  const auto offset = [last_offset](auto v) { return v == vectors - 1 ? last_offset : v * lanes; };
  Lanes block[vectors], carry[vectors];
  unroll<vectors>([&](auto v) {
    block[v] = load(sums.block + v * lanes);
    carry[v] = load(sums.carry + v * lanes);
  });
  for (std::int64_t row = 0; row < rows; ++row, x += columns, to.advance(columns)) {
    const Lanes share(means == Means::dropped ? 0.0f : reciprocal[row]);
    float* const y = to.row();
    unroll<vectors>(
        [&](auto v) { add_vector<means, source>(block[v], carry[v], share, x + offset(v), y + offset(v)); });
  }
  unroll<vectors>([&](auto v) { store(sums.block + v * lanes, block[v]); });
  return to;
}

template <Means means, Source source, int most>
RowsOf<means> walk_in_registers_of(std::int64_t vectors, const float* x, RowsOf<means> to,
                                   std::int64_t columns, std::int64_t rows, std::int64_t last_offset,
                                   const float* reciprocal, RunningSums sums) {
  if constexpr (most > 1)
    if (vectors < most)
      return walk_in_registers_of<means, source, most - 1>(vectors, x, to, columns, rows, last_offset,
                                                           reciprocal, sums);
  return walk_in_registers<means, source, most>(x, to, columns, rows, last_offset, reciprocal, sums);
}

/// The same for the vectors [first, end) of each row, with the sums in the first-level cache.
template <Means means, Source source>
[[gnu::flatten]] RowsOf<means> walk_in_cache(std::int64_t first, std::int64_t end, const float* x,
                                             RowsOf<means> to, std::int64_t columns, std::int64_t rows,
                                             const float* reciprocal, RunningSums sums) {
  const std::int64_t last_offset = std::min((end - 1) * lanes, columns - lanes);
  for (std::int64_t row = 0; row < rows; ++row, x += columns, to.advance(columns)) {
    const Lanes share(means == Means::dropped ? 0.0f : reciprocal[row]);
    float* const y = to.row();
    const auto add = [&](std::int64_t v, std::int64_t offset) {
      Lanes block = load(sums.block + v * lanes);
      add_vector<means, source>(block, load(sums.carry + v * lanes), share, x + offset, y + offset);
      store(sums.block + v * lanes, block);
    };
    for (std::int64_t v = first; v + 1 < end; ++v) add(v, v * lanes);
    add(end - 1, last_offset);
  }
  return to;
}

}  // namespace detail

/// Adds `rows` rows of x, each of `columns` >= lanes floats, to the block's sums, and writes their means:
/// (carry + block) * reciprocal[row]. Rows of up to `register_vectors` vectors keep their sums in registers,
/// unless x comes from memory: there one load instruction for all vectors is worth more to the hardware's
/// prefetcher. Other rows are walked in panels of `panel_vectors`, whose sums stay in the first-level cache.
/// Returns where the next rows go.
template <Means means, Source source, int register_vectors, int panel_vectors>
RowsOf<means> walk_wide_rows(const float* x, RowsOf<means> to, std::int64_t columns, std::int64_t rows,
                             const float* reciprocal, RunningSums sums) {
  const std::int64_t vectors = vectors_of_row(columns);
  if (vectors <= register_vectors && source == Source::cache)
    return detail::walk_in_registers_of<means, source, register_vectors>(vectors, x, to, columns, rows,
                                                                         columns - lanes, reciprocal, sums);
  const std::int64_t panel = means == Means::ringed ? vectors : panel_vectors;
  RowsOf<means> next = to;
  for (std::int64_t first = 0; first < vectors; first += panel)
    next = detail::walk_in_cache<means, source>(first, std::min(first + panel, vectors), x, to, columns, rows,
                                                reciprocal, sums);
  return next;
}

namespace detail {

/// Rows of `columns` < lanes floats, as many side by side as fit a register: a prefix sum inside the register
/// runs along time. The sums repeat those of the last row in every row's place.
template <Means means, Source source, int columns>
[[gnu::flatten]] RowsOf<means> walk_narrow(const float* x, RowsOf<means> to, std::int64_t rows,
                                           std::int64_t first_row, RunningSums sums) {
  constexpr int rows_at_once = lanes / columns;
  constexpr int used = rows_at_once * columns;
  Lanes block = load(sums.block);
  const Lanes carry = load(sums.carry);
  Lanes count = steps<columns>() + Lanes(static_cast<float>(first_row + 1));
  std::int64_t left = rows * columns;
  const auto step = [&](auto whole) {
    const int valid = whole ? used : static_cast<int>(std::min<std::int64_t>(left, used));
    float* const y = to.row();
    Lanes sum = whole ? load(x) : load_first(x, valid);
    if constexpr (rows_at_once >= 2) sum = sum + shift_up<columns>(sum);
    if constexpr (rows_at_once > 2) sum = sum + shift_up<2 * columns>(sum);
    if constexpr (rows_at_once > 4) sum = sum + shift_up<4 * columns>(sum);
    if constexpr (rows_at_once > 8) sum = sum + shift_up<8 * columns>(sum);
    if constexpr (source == Source::memory)
      __builtin_prefetch(x + floats_ahead_of_sums, 0, into_second_level);
    if constexpr (means == Means::fetched) __builtin_prefetch(y + floats_ahead_of_stores);
    if constexpr (means != Means::dropped) {
      const Lanes mean = divide(carry + (block + sum), count);
      if (whole) {
        store(y, mean);
      } else {
        store_first(y, mean, valid);
      }
    }
    block = block + repeat<used - columns, columns>(sum);
    count = count + Lanes(static_cast<float>(rows_at_once));
    to.advance(valid);
    x += valid;
    left -= valid;
  };
  // A whole register may be read and written while what lies behind its used lanes is ours, to be written
  // later.
  while (left >= lanes) step(std::true_type());
  while (left > 0) step(std::false_type());
  store(sums.block, block);
  return to;
}

template <Means means, Source source, int most>
RowsOf<means> walk_narrow_of(std::int64_t columns, const float* x, RowsOf<means> to, std::int64_t rows,
                             std::int64_t first_row, RunningSums sums) {
  if constexpr (most > 1)
    if (columns < most) return walk_narrow_of<means, source, most - 1>(columns, x, to, rows, first_row, sums);
  return walk_narrow<means, source, most>(x, to, rows, first_row, sums);
}

}  // namespace detail

/// The same for rows of fewer floats than a register has lanes. Divides by row + 1 instead of multiplying by
/// a reciprocal: a table of them would be as long as x.
template <Means means, Source source>
RowsOf<means> walk_narrow_rows(const float* x, RowsOf<means> to, std::int64_t columns, std::int64_t rows,
                               std::int64_t first_row, RunningSums sums) {
  return detail::walk_narrow_of<means, source, lanes - 1>(columns, x, to, rows, first_row, sums);
}

}  // namespace trilbench::TRILBENCH_ISA
