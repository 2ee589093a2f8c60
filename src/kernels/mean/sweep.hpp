// The inner loops of the prefix mean: sums of the rows of a sequence and their means, row by row.
//
// Sums are kept in blocks of rows: a block's own sum, and the carry, that of all blocks before it, which a
// finished block joins. Both hold a vector for each vector of a row, so that a last vector which overlaps the
// one before it has sums of its own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "kernels/memory/caches.hpp"
#include "kernels/memory/streaming_ring.hpp"
#include "kernels/quotients.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// What becomes of the means.
enum class Means {
  dropped,     // only the sums are wanted
  stored,      // plainly
  prefetched,  // the lines of y are prefetched before the stores come to them
  streamed,    // past the caches; rows of y begin with a register's boundary
  ringed,      // the same by way of a ring, for rows that begin anywhere
};

/// Where x lies: its lines are prefetched if it is past the caches.
enum class Source { cache, memory };

/// What all sweeps of one part of the work share.
struct Sweep {
  std::int64_t rows, columns;  // of a sequence
  std::int64_t block_rows;     // a narrow block holds whole registers
  std::int64_t panel_vectors;  // of a row whose sums are too many for the registers: at most so many in L1
  const float* reciprocal;     // 1 / (row + 1), unless rows are narrow
  float* block;                // sums of rows too wide for the registers; ...
  float* carry;                // ... a vector for each of a row
  float* ring;                 // for means on their way to streaming stores

  std::int64_t vectors() const { return quotient_above(columns, lanes); }
};

/// Panels of nearly equal width, of a row of `vectors`. A ring takes whole rows.
inline std::int64_t panels_of(Means means, std::int64_t vectors, std::int64_t panel_vectors) {
  return means == Means::ringed ? 1 : quotient_above(vectors, panel_vectors);
}

/// Rows [first, end) of a sequence, or of each of several that lie end to end. `first` begins a block.
struct Stretch {
  const float* x;  // the first sequence
  float* y;
  std::int64_t sequences;
  std::int64_t first, end;
  const float* before = nullptr;  // the sum of the rows before them, if there are any
  float* after = nullptr;     // takes the sum of all rows up to `end`, which ends a block, if it is wanted
  int share = 0, shares = 1;  // of the panels
};

namespace detail {

/// The prefetch distance of x: twice as far gained nothing, half as far lost 4 %.
inline constexpr std::int64_t prefetch_distance_of_rows_summed = 64 * floats_of_line;

/// Where rows of y follow each other in memory.
class PlainRows {
 public:
  PlainRows(float* first, const Sweep&) : row_(first) {}
  float* row() const { return row_; }
  void advance(std::int64_t floats) { row_ += floats; }
  void flush() {}

 private:
  float* row_;
};

/// Where they are streamed by way of a ring.
class RingedRows : public StreamingRing {
 public:
  RingedRows(float* first, const Sweep& sweep) : StreamingRing(sweep.ring, sweep.columns, first) {}
};

template <Means means>
using RowsOf = std::conditional_t<means == Means::ringed, RingedRows, PlainRows>;

/// Adds a vector of x to its block's sum, and writes the mean of what it has seen to y.
template <Means means, Source source>
[[gnu::always_inline]] inline void add_vector(Lanes& block, Lanes carry, Lanes reciprocal, const float* x,
                                              float* y) {
  if constexpr (means == Means::prefetched) __builtin_prefetch(y + prefetch_distance_of_stores);
  if constexpr (source == Source::memory)
    __builtin_prefetch(x + prefetch_distance_of_rows_summed, 0, into_L2);
  block = block + load(x);
  if constexpr (means == Means::dropped) return;
  const Lanes mean = (carry + block) * reciprocal;
  if constexpr (means == Means::streamed) {
    stream(y, mean);
  } else {
    store(y, mean);
  }
}

/// Rows of `vectors` vectors, whose sums stay in registers.
template <Means means, Source source, int vectors>
[[gnu::flatten]] void sweep_in_registers(const Sweep& sweep, const Stretch& stretch) {
  const std::int64_t columns = sweep.columns;
  const float* const reciprocals = sweep.reciprocal;
  const auto offset = [=](auto v) { return v == vectors - 1 ? columns - lanes : v * lanes; };
  RowsOf<means> to(stretch.y + stretch.first * columns, sweep);
  for (std::int64_t sequence = 0; sequence < stretch.sequences; ++sequence) {
    const float* x = stretch.x + (sequence * sweep.rows + stretch.first) * columns;
    Lanes carry[vectors];
    unroll<vectors>(
        [&](auto v) { carry[v] = stretch.before ? load(stretch.before + v * lanes) : Lanes(0.0f); });
    for (std::int64_t row = stretch.first; row < stretch.end;) {
      Lanes block[vectors];
      unroll<vectors>([&](auto v) { block[v] = Lanes(0.0f); });
      const std::int64_t block_end = std::min(row + sweep.block_rows, stretch.end);
      for (; row < block_end; ++row, x += columns, to.advance(columns)) {
        const Lanes reciprocal(means == Means::dropped ? 0.0f : reciprocals[row]);
        float* const y = to.row();
        unroll<vectors>([&](auto v) {
          add_vector<means, source>(block[v], carry[v], reciprocal, x + offset(v), y + offset(v));
        });
      }
      unroll<vectors>([&](auto v) { carry[v] = carry[v] + block[v]; });
    }
    if (stretch.after) unroll<vectors>([&](auto v) { store(stretch.after + v * lanes, carry[v]); });
  }
  to.flush();
}

/// The vectors [first, end) of the rows [row, block_end) of a block: the sums of the first `in_registers` in
/// registers, of the others in L1. Returns where the next rows go. (By value, as what a reference leads to
/// might change with each store, for all that the compiler knows; not inlined, as there would not be
/// registers enough for the pointers.)
template <Means means, Source source, int in_registers>
[[gnu::flatten, gnu::noinline]] RowsOf<means> walk_panel(const Sweep sweep, std::int64_t first,
                                                         std::int64_t end, const float* x, RowsOf<means> to,
                                                         std::int64_t row, std::int64_t block_end) {
  const std::int64_t columns = sweep.columns, before = first * lanes;
  const std::int64_t last = (end - first - 1) * lanes;  // where the last vector has its sums
  const std::int64_t last_column = std::min(last, columns - lanes - before);
  const float* const carry = sweep.carry + before;
  float* const in_L1 = sweep.block + before;
  Lanes block[std::max(in_registers, 1)];
  unroll<in_registers>([&](auto v) { block[v] = Lanes(0.0f); });
  x += before;
  for (; row < block_end; ++row, x += columns, to.advance(columns)) {
    const Lanes reciprocal(means == Means::dropped ? 0.0f : sweep.reciprocal[row]);
    float* const y = to.row() + before;
    const auto add = [&](Lanes& sum, std::int64_t at, std::int64_t column) {
      add_vector<means, source>(sum, load(carry + at), reciprocal, x + column, y + column);
    };
    const auto add_in_L1 = [&](std::int64_t at, std::int64_t column) {
      Lanes sum = load(in_L1 + at);
      add(sum, at, column);
      store(in_L1 + at, sum);
    };
    unroll<in_registers>([&](auto v) { add(block[v], v * lanes, v * lanes); });
    for (std::int64_t at = in_registers * lanes; at < last; at += lanes) add_in_L1(at, at);
    add_in_L1(last, last_column);
  }
  unroll<in_registers>([&](auto v) { store(in_L1 + v * lanes, block[v]); });
  return to;
}

/// Rows of more than `in_registers` vectors, a panel at a time.
template <Means means, Source source, int in_registers>
void sweep_wide(const Sweep& sweep, const Stretch& stretch) {
  const std::int64_t columns = sweep.columns, vectors = sweep.vectors();
  const std::int64_t panels = panels_of(means, vectors, sweep.panel_vectors);
  const std::int64_t first_panel = panels * stretch.share / stretch.shares;
  const std::int64_t end_panel = panels * (stretch.share + 1) / stretch.shares;
  const std::int64_t begin = vectors * first_panel / panels * lanes;  // of their sums
  const std::int64_t floats = vectors * end_panel / panels * lanes - begin;
  float* const carry = sweep.carry + begin;
  float* const block = sweep.block + begin;
  RowsOf<means> to(stretch.y + stretch.first * columns, sweep);
  for (std::int64_t sequence = 0; sequence < stretch.sequences; ++sequence) {
    const float* const x = stretch.x + sequence * sweep.rows * columns;
    if (stretch.before) {
      std::copy_n(stretch.before + begin, floats, carry);
    } else {
      std::fill_n(carry, floats, 0.0f);
    }
    for (std::int64_t row = stretch.first; row < stretch.end; row += sweep.block_rows) {
      std::fill_n(block, floats, 0.0f);
      const std::int64_t block_end = std::min(row + sweep.block_rows, stretch.end);
      RowsOf<means> next = to;
      for (std::int64_t panel = first_panel; panel < end_panel; ++panel)
        next = walk_panel<means, source, in_registers>(sweep, vectors * panel / panels,
                                                       vectors * (panel + 1) / panels, x + row * columns, to,
                                                       row, block_end);
      to = next;
      for (std::int64_t i = 0; i < floats; i += lanes) store(carry + i, load(carry + i) + load(block + i));
    }
    if (stretch.after) std::copy_n(carry, floats, stretch.after + begin);
  }
  to.flush();
}

/// Rows of `columns` < lanes floats, as many side by side as fit a register: a prefix sum inside the register
/// runs along time. The sums repeat those of the last row in every row's place. Divides by row + 1 instead of
/// multiplying by a reciprocal: a table of them would be as long as x.
template <Means means, Source source, int columns>
[[gnu::flatten]] void sweep_narrow(const Sweep& sweep, const Stretch& stretch) {
  constexpr int rows_at_once = lanes / columns;
  constexpr int used = rows_at_once * columns;
  const auto [x_first, y_first, sequences, first, end, before, after, share, shares] = stretch;
  const std::int64_t block_floats = sweep.block_rows * columns;
  const std::int64_t sequence_floats = sweep.rows * columns;
  const Lanes first_count = steps<columns>() + Lanes(static_cast<float>(first + 1));
  RowsOf<means> to(y_first + first * columns, sweep);
  for (std::int64_t sequence = 0; sequence < sequences; ++sequence) {
    const float* x = x_first + sequence * sequence_floats + first * columns;
    Lanes carry = before ? load(before) : Lanes(0.0f);
    Lanes block(0.0f);
    Lanes count = first_count;
    std::int64_t left = (end - first) * columns;
    const auto step = [&](auto whole, int valid) {
      float* const y = to.row();
      Lanes sum = whole ? load(x) : load_first(x, valid);
      if constexpr (rows_at_once >= 2) sum = sum + shift_up<columns>(sum);
      if constexpr (rows_at_once > 2) sum = sum + shift_up<2 * columns>(sum);
      if constexpr (rows_at_once > 4) sum = sum + shift_up<4 * columns>(sum);
      if constexpr (rows_at_once > 8) sum = sum + shift_up<8 * columns>(sum);
      if constexpr (source == Source::memory)
        __builtin_prefetch(x + prefetch_distance_of_rows_summed, 0, into_L2);
      if constexpr (means == Means::prefetched) __builtin_prefetch(y + prefetch_distance_of_stores);
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
    while (left > 0) {
      block = Lanes(0.0f);
      const std::int64_t behind = std::max<std::int64_t>(left - block_floats, 0);
      // A whole register may be read and written while what lies behind its used lanes is ours, to be written
      // later.
      const std::int64_t least = std::max<std::int64_t>(behind, lanes - 1);
      while (left > least) step(std::true_type(), used);
      if (left > behind) step(std::false_type(), static_cast<int>(left - behind));
      carry = carry + block;
    }
    if (after) store(after, carry);
  }
  to.flush();
}

}  // namespace detail

/// Sums the rows of a stretch and writes their means: (carry + block) / (row + 1).
using SweepRows = void(const Sweep&, const Stretch&);

namespace detail {

/// So many vectors of a row keep their sums in registers, unless x comes from memory: there one load
/// instruction for all vectors is worth more to the hardware's prefetcher.
constexpr int vectors_in_registers(Source source, int register_vectors) {
  return source == Source::cache ? register_vectors : 0;
}

template <Means means, Source source, int register_vectors>
SweepRows* sweep_for(std::int64_t columns) {
  constexpr int in_registers = vectors_in_registers(source, register_vectors);
  const std::int64_t vectors = quotient_above(columns, lanes);
  if (columns < lanes)
    return with_constant<lanes - 1>(
        columns, [](auto floats) -> SweepRows* { return sweep_narrow<means, source, floats>; });
  if constexpr (in_registers > 0)
    if (vectors <= in_registers)
      return with_constant<in_registers>(
          vectors, [](auto count) -> SweepRows* { return sweep_in_registers<means, source, count>; });
  return sweep_wide<means, source, in_registers>;
}

}  // namespace detail

/// The function for rows of `columns` floats. With ordinary stores x is not asked for ahead.
template <int register_vectors>
SweepRows* sweep_for(Means means, Source source, std::int64_t columns) {
  return with_constant<static_cast<int>(Means::ringed), 0>(static_cast<int>(means), [&](auto number) {
    constexpr auto known = static_cast<Means>(decltype(number)::value);
    if constexpr (known != Means::stored && known != Means::prefetched)
      if (source == Source::memory)
        return detail::sweep_for<known, Source::memory, register_vectors>(columns);
    return detail::sweep_for<known, Source::cache, register_vectors>(columns);
  });
}

}  // namespace trilbench::TRILBENCH_ISA
