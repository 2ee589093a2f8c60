// The inner loops of the prefix mean: running sums of whole rows, kept in registers.
//
// Sums are kept in blocks: `block` holds the sum of the rows since the block began, `carry` that of all rows
// before it. The caller folds the one into the other (src/kernels/prefix_mean.hpp says why). Each holds one
// vector of floats for each vector of a row, so that a last vector which overlaps the one before it has sums
// of its own.
#pragma once

#include <algorithm>
#include <cstdint>

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
  streamed,  // past the caches; the lines of x are called for ahead. Rows of y begin with a register's
             // boundary
};

namespace detail {

inline constexpr std::int64_t floats_ahead = 512;  // that prefetching runs: 32 lines, as for the best copy

/// Adds a vector of x to its block's sum, and writes the mean of what it has seen to y.
template <Means means>
[[gnu::always_inline]] inline void add_vector(Lanes& block, Lanes carry, Lanes share, const float* x,
                                              float* y) {
  if constexpr (means == Means::fetched) __builtin_prefetch(y + floats_ahead);
  if constexpr (means == Means::streamed) __builtin_prefetch(x + floats_ahead);
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
template <Means means, int vectors>
[[gnu::flatten]] void walk_in_registers(const float* x, float* y, std::int64_t columns, std::int64_t rows,
                                        std::int64_t last_offset, const float* reciprocal, RunningSums sums) {
  const auto offset = [last_offset](auto v) { return v == vectors - 1 ? last_offset : v * lanes; };
  Lanes block[vectors], carry[vectors];
  unroll<vectors>([&](auto v) {
    block[v] = load(sums.block + v * lanes);
    carry[v] = load(sums.carry + v * lanes);
  });
  for (std::int64_t row = 0; row < rows; ++row, x += columns, y += columns) {
    const Lanes share(means == Means::dropped ? 0.0f : reciprocal[row]);
    unroll<vectors>(
        [&](auto v) { add_vector<means>(block[v], carry[v], share, x + offset(v), y + offset(v)); });
  }
  unroll<vectors>([&](auto v) { store(sums.block + v * lanes, block[v]); });
}

template <Means means, int most>
void walk_in_registers_of(std::int64_t vectors, const float* x, float* y, std::int64_t columns,
                          std::int64_t rows, std::int64_t last_offset, const float* reciprocal,
                          RunningSums sums) {
  if (vectors == most) {
    walk_in_registers<means, most>(x, y, columns, rows, last_offset, reciprocal, sums);
  } else if constexpr (most > 1) {
    walk_in_registers_of<means, most - 1>(vectors, x, y, columns, rows, last_offset, reciprocal, sums);
  }
}

/// The same with the sums in the first-level cache.
template <Means means>
[[gnu::flatten]] void walk_in_cache(std::int64_t vectors, const float* x, float* y, std::int64_t columns,
                                    std::int64_t rows, std::int64_t last_offset, const float* reciprocal,
                                    RunningSums sums) {
  for (std::int64_t row = 0; row < rows; ++row, x += columns, y += columns) {
    const Lanes share(means == Means::dropped ? 0.0f : reciprocal[row]);
    const auto add = [&](std::int64_t v, std::int64_t offset) {
      Lanes block = load(sums.block + v * lanes);
      add_vector<means>(block, load(sums.carry + v * lanes), share, x + offset, y + offset);
      store(sums.block + v * lanes, block);
    };
    for (std::int64_t v = 0; v + 1 < vectors; ++v) add(v, v * lanes);
    add(vectors - 1, last_offset);
  }
}

}  // namespace detail

/// Adds `rows` rows of x, each of `columns` >= lanes floats, to the block's sums, and writes their means to
/// y: (carry + block) * reciprocal[row]. Rows of up to `register_vectors` vectors keep their sums in
/// registers; wider ones are walked in panels of `panel_vectors`, whose sums stay in the first-level cache.
template <Means means, int register_vectors, int panel_vectors>
void walk_wide_rows(const float* x, float* y, std::int64_t columns, std::int64_t rows,
                    const float* reciprocal, RunningSums sums) {
  const std::int64_t vectors = vectors_of_row(columns);
  if (vectors <= register_vectors)
    return detail::walk_in_registers_of<means, register_vectors>(vectors, x, y, columns, rows,
                                                                 columns - lanes, reciprocal, sums);
  for (std::int64_t first = 0; first < vectors; first += panel_vectors) {
    const std::int64_t count = std::min<std::int64_t>(panel_vectors, vectors - first);
    const std::int64_t start = first * lanes;
    const std::int64_t last_offset = std::min((first + count - 1) * lanes, columns - lanes) - start;
    detail::walk_in_cache<means>(count, x + start, y + start, columns, rows, last_offset, reciprocal,
                                 {sums.block + start, sums.carry + start});
  }
}

namespace detail {

/// Rows of `columns` < lanes floats, as many side by side as fit a register: a prefix sum inside the register
/// runs along time. The sums repeat those of the last row in every row's place.
template <Means means, int columns>
[[gnu::flatten]] void walk_narrow(const float* x, float* y, std::int64_t rows, std::int64_t first_row,
                                  RunningSums sums) {
  constexpr int rows_at_once = lanes / columns;
  constexpr int used = rows_at_once * columns;
  Lanes block = load(sums.block);
  const Lanes carry = load(sums.carry);
  Lanes count = steps<columns>() + Lanes(static_cast<float>(first_row + 1));
  // A whole register may be read and written while what lies behind its used lanes is ours, to be written
  // later.
  std::int64_t left = rows * columns;
  for (; left > 0; left -= used, x += used, y += used) {
    const bool whole = left >= lanes;
    const int valid = static_cast<int>(std::min<std::int64_t>(left, used));
    Lanes sum = whole ? load(x) : load_first(x, valid);
    if constexpr (rows_at_once >= 2) sum = sum + shift_up<columns>(sum);
    if constexpr (rows_at_once > 2) sum = sum + shift_up<2 * columns>(sum);
    if constexpr (rows_at_once > 4) sum = sum + shift_up<4 * columns>(sum);
    if constexpr (rows_at_once > 8) sum = sum + shift_up<8 * columns>(sum);
    if constexpr (means == Means::fetched) __builtin_prefetch(y + floats_ahead);
    if constexpr (means != Means::dropped) {
      const Lanes mean = (carry + (block + sum)) / count;
      if (whole) {
        store(y, mean);
      } else {
        store_first(y, mean, valid);
      }
    }
    block = block + repeat<used - columns, columns>(sum);
    count = count + Lanes(static_cast<float>(rows_at_once));
  }
  store(sums.block, block);
}

template <Means means, int most>
void walk_narrow_of(std::int64_t columns, const float* x, float* y, std::int64_t rows, std::int64_t first_row,
                    RunningSums sums) {
  if (columns == most) {
    walk_narrow<means, most>(x, y, rows, first_row, sums);
  } else if constexpr (most > 1) {
    walk_narrow_of<means, most - 1>(columns, x, y, rows, first_row, sums);
  }
}

}  // namespace detail

/// The same for rows of fewer floats than a register has lanes. Divides by row + 1 instead of multiplying by
/// a reciprocal: a table of them would be as long as x. Cannot stream.
template <Means means>
void walk_narrow_rows(const float* x, float* y, std::int64_t columns, std::int64_t rows,
                      std::int64_t first_row, RunningSums sums) {
  detail::walk_narrow_of<means, lanes - 1>(columns, x, y, rows, first_row, sums);
}

}  // namespace trilbench::TRILBENCH_ISA
