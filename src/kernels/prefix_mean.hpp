// Running means of the rows of a matrix, in one pass: y[t] = (x[0] + ... + x[t]) / (t + 1), column by column.
//
// Idea: lanes lie along the channels and whole rows are walked in order, so that the hardware prefetcher sees
// two plain streams. The sums of a row of up to `register_vectors` vectors stay in registers, those of wider
// rows, and of all rows past the caches, in the first-level cache. Rows are summed in blocks of b; a finished
// block joins the carry. The last vector of a row may overlap the one before it: both compute the same bits.
// Rows narrower than a register share one: a prefix sum inside the register runs along time.
//
// The stores are chosen as a copy's would be: plain ones in the first-level cache; beyond it the lines of y
// are called for ahead; past the caches, and where x alone still fits the second-level cache, they are
// streamed. Rows that do not begin with a register's boundary are streamed by way of a ring
// (kernels/streaming_ring.hpp).
//
// Cost: 3 flops and 8 bytes an element (x once, y once; 12 bytes past the caches without streaming stores).
//
// Measured on a two-core Sapphire Rapids VM, one thread, shares of the traffic probe:
// - 8x256x64 (1 MiB, second-level cache): 0.93 to 0.95 with avx2, 0.88 to 0.90 with avx512, whose whole-line
//   stores gain nothing here. Calling for y's lines ahead took avx512 from 0.64-0.88 to that.
// - 8x1024x64 (4 MiB): 0.80 with ordinary stores, 0.95 streamed: x alone stays in the second-level cache.
//   Calling for x there costs 4 %.
// - 8x1024x65: 0.91 by way of the ring, 0.80 by way of a buffer of 16 KiB, 0.76 with ordinary stores.
// - 4 MiB to 64 MiB: 0.95 to 0.99, whatever the stores: 29 GB/s is what the third level gives.
// - Past that 0.88 to 0.94 with avx512 (avx2 0.79 to 0.85). What decides is how x is loaded and called for:
//   into the first level 0.87; sums in registers, so that each vector of a row has a load of its own, 0.75 to
//   0.88; tiles of 4 to 32 rows by 1 to 16 vectors 0.77 to 0.88. Even a copy unrolled over a row loses 5 to
//   10 %. Without storing the sums it would be 0.95 to 0.98. By way of the ring 0.74 to 0.78 (C = 3: 0.63);
//   by way of the buffer 0.55 to 0.6 (0.35).
//
// Roundings: b - 1 additions inside a block, one for each block after it, the sum with the carry, 1/n and the
// product: at most b + ceil((t + 1) / b) + 1 for row t, where a plain running sum has t + 2.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/caches.hpp"
#include "kernels/mean_rows.hpp"
#include "kernels/parallel.hpp"

namespace trilbench::TRILBENCH_ISA {

struct PrefixMeanTuning {
  int block_rows = 128;                  // b
  int register_vectors = 8;              // vectors of a row whose sums stay in registers
  int panel_vectors = 128;               // of a wider row: vectors whose sums stay in the first-level cache
  std::int64_t chunk_bytes = 512 << 10;  // of x: one thread's piece of a sequence that is cut
  std::int64_t streaming_bytes = 64 << 20;  // of x and y together, from which stores are streamed
};

/// The roundings that row `row` may have seen, with two to spare.
inline double prefix_mean_roundings(const PrefixMeanTuning& tuning, std::int64_t row) {
  return static_cast<double>(tuning.block_rows + (row + tuning.block_rows) / tuning.block_rows + 3);
}

/// Batches of matrices [rows, columns], and how their means are computed.
template <PrefixMeanTuning tuning = PrefixMeanTuning{}>
class PrefixMean {
 public:
  PrefixMean(std::int64_t batches, std::int64_t rows, std::int64_t columns, int threads)
      : batches_(batches), rows_(rows), columns_(columns), threads_(threads), narrow_(columns < lanes) {
    // A narrow block holds whole registers, which is faster. Rounding up keeps the blocks within the declared
    // number.
    block_rows_ = round_up(tuning.block_rows, narrow_ ? lanes / columns : 1);
    const std::int64_t row_bytes = columns * std::int64_t{sizeof(float)};
    bytes_ = 2 * batches * rows * row_bytes;
    const std::int64_t share = round_up((rows + threads - 1) / threads, block_rows_);
    const std::int64_t cached =
        std::max<std::int64_t>(tuning.chunk_bytes / row_bytes / block_rows_, 1) * block_rows_;
    chunk_rows_ = std::min(share, cached);
  }

  std::size_t workspace_bytes() const {
    return sizeof(Choice) +
           sizeof(float) * static_cast<std::size_t>(reciprocal_floats() + threads_ * floats_of_part());
  }

  /// Chooses the stores and builds the table of 1/n; the rest of the workspace is scratch.
  void prepare(void* workspace) const {
    auto* const choice = static_cast<Choice*>(workspace);
    choice->means = best_means();
    float* const reciprocal = reinterpret_cast<float*>(choice + 1);
    for (std::int64_t i = 0; i < (narrow_ ? 0 : rows_); ++i) reciprocal[i] = 1.0f / static_cast<float>(i + 1);
  }

  void run(const float* x, float* y, void* workspace) const {
    const Means means = means_to(y, static_cast<const Choice*>(workspace)->means);
    switch (means) {
      case Means::dropped:
      case Means::stored:
        return run<Means::stored, Source::cache>(x, y, workspace);
      case Means::fetched:
        return run<Means::fetched, Source::cache>(x, y, workspace);
      case Means::streamed:
        return past_caches() ? run<Means::streamed, Source::memory>(x, y, workspace)
                             : run<Means::streamed, Source::cache>(x, y, workspace);
      case Means::ringed:
        return past_caches() ? run<Means::ringed, Source::memory>(x, y, workspace)
                             : run<Means::ringed, Source::cache>(x, y, workspace);
    }
  }

 private:
  /// The first line of the workspace.
  struct alignas(64) Choice {
    Means means;
  };

  /// What one part of the work keeps in the workspace. All sums hold a vector for each vector of a row.
  struct Part {
    RunningSums sums;
    float* before;    // the sum of all chunks before those under way
    float* chunk[2];  // the sum of the chunk under way, for the other parts; two, as some may still read the
                      // last one
    float* ring;      // for means on their way to streaming stores
  };

  static std::int64_t round_up(std::int64_t n, std::int64_t unit) { return (n + unit - 1) / unit * unit; }

  bool past_caches() const { return bytes_ >= tuning.streaming_bytes; }

  /// Between the sizes where x alone fits the second-level cache and where nothing does, ordinary stores
  /// would drive x out of it; past all caches they would read y.
  Means best_means() const {
    const std::int64_t own_bytes = bytes_ / threads_;
    const std::int64_t second_level = second_level_bytes();
    const bool x_alone_fits = own_bytes > second_level && own_bytes <= 3 * second_level;
    if (has_streaming_stores && (x_alone_fits || past_caches())) return Means::streamed;
    return own_bytes <= first_level_bytes ? Means::stored : Means::fetched;
  }

  Means means_to(const float* y, Means best) const {
    const bool rows_begin_registers =
        columns_ % lanes == 0 && reinterpret_cast<std::uintptr_t>(y) % sizeof(Lanes) == 0;
    return best == Means::streamed && !rows_begin_registers ? Means::ringed : best;
  }

  std::int64_t reciprocal_floats() const { return narrow_ ? 0 : round_up(rows_, 16); }
  std::int64_t sum_floats() const { return vectors_of_row(columns_) * lanes; }
  std::int64_t floats_of_part() const {
    return round_up(round_up(5 * sum_floats(), 16) + StreamingRing::floats(columns_), 32);
  }

  Part part_of(float* base, int part) const {
    float* own = base + reciprocal_floats() + part * floats_of_part();
    const std::int64_t size = sum_floats();
    return {
        {own, own + size}, own + 2 * size, {own + 3 * size, own + 4 * size}, own + round_up(5 * size, 16)};
  }

  void clear(float* sums) const { std::fill_n(sums, sum_floats(), 0.0f); }

  void add(float* sums, const float* more) const {
    for (std::int64_t i = 0; i < sum_floats(); i += lanes) store(sums + i, load(sums + i) + load(more + i));
  }

  template <Means means, Source source>
  RowsOf<means> walk(const float* x, RowsOf<means> to, std::int64_t first, std::int64_t rows,
                     const float* reciprocal, RunningSums sums) const {
    if (narrow_) return walk_narrow_rows<means, source>(x, to, columns_, rows, first, sums);
    return walk_wide_rows<means, source, tuning.register_vectors, tuning.panel_vectors>(
        x, to, columns_, rows, reciprocal + first, sums);
  }

  /// Rows [first, end) of one sequence, from a carry that holds all rows before them, block by block. `first`
  /// begins a block. Afterwards the carry holds whole blocks only.
  template <Means means, Source source>
  void sweep(const float* x, float* y, std::int64_t first, std::int64_t end, const float* reciprocal,
             const Part& own) const {
    const auto rows_from = [&](float* y_first) -> RowsOf<means> {
      if constexpr (means == Means::ringed) {
        return {own.ring, columns_, y_first};
      } else {
        return RowsOf<means>(y_first);
      }
    };
    RowsOf<means> to = rows_from(y + first * columns_);
    clear(own.sums.block);
    for (std::int64_t row = first; row < end;) {
      const std::int64_t block_end = row - row % block_rows_ + block_rows_;
      const std::int64_t count = std::min(block_end, end) - row;
      to = walk<means, source>(x + row * columns_, to, row, count, reciprocal, own.sums);
      row += count;
      if (row == block_end) {
        add(own.sums.carry, own.sums.block);
        clear(own.sums.block);
      }
    }
    if constexpr (means == Means::ringed) to.flush();
  }

  /// Whole sequences for each thread; those left over are cut along time, if they are long enough.
  template <Means means, Source source>
  void run(const float* x, float* y, void* workspace) const {
    float* const base = reinterpret_cast<float*>(static_cast<Choice*>(workspace) + 1);
    const std::int64_t size = rows_ * columns_;
    const std::int64_t whole = rows_ > block_rows_ ? batches_ - batches_ % threads_ : batches_;
    parallel(threads_, [&](Team team) {
      team.each_part(threads_, [&](int part) {
        const Part own = part_of(base, part);
        for (std::int64_t b = whole * part / threads_; b < whole * (part + 1) / threads_; ++b) {
          clear(own.sums.carry);
          sweep<means, source>(x + b * size, y + b * size, 0, rows_, base, own);
        }
      });
      int turn = 0;
      for (std::int64_t b = whole; b < batches_; ++b)
        run_cut<means, source>(team, turn, x + b * size, y + b * size, base);
      if constexpr (means == Means::streamed || means == Means::ringed) stream_fence();
    });
  }

  /// One sequence, cut along time into chunks that fit the second-level cache: every part sums its chunk,
  /// adds up what lies before it, and walks the chunk again, now from the cache, to write the means.
  template <Means means, Source source>
  void run_cut(Team team, int& turn, const float* x, float* y, float* base) const {
    team.each_part(threads_, [&](int part) { clear(part_of(base, part).before); });
    for (std::int64_t first = 0; first < rows_; first += threads_ * chunk_rows_, turn ^= 1) {
      const auto begin = [&](int part) { return std::min(rows_, first + part * chunk_rows_); };
      team.each_part(threads_, [&](int part) {
        const Part own = part_of(base, part);
        const Part summing = {{own.sums.block, own.chunk[turn]}, nullptr, {}, nullptr};
        clear(own.chunk[turn]);
        if (begin(part + 1) < rows_)
          sweep<Means::dropped, source>(x, y, begin(part), begin(part + 1), base, summing);
      });
      team.barrier();
      team.each_part(threads_, [&](int part) {
        const Part own = part_of(base, part);
        for (int other = 0; other < threads_; ++other) {
          if (other == part) std::copy_n(own.before, sum_floats(), own.sums.carry);
          add(own.before, part_of(base, other).chunk[turn]);
        }
        sweep<means, Source::cache>(x, y, begin(part), begin(part + 1), base, own);
      });
    }
  }

  std::int64_t batches_, rows_, columns_;
  int threads_;
  bool narrow_;  // several rows share a register
  std::int64_t block_rows_, chunk_rows_;
  std::int64_t bytes_;  // of x and y
};

}  // namespace trilbench::TRILBENCH_ISA
