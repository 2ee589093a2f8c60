// Running means of the rows of a matrix, in one pass: y[t] = (x[0] + ... + x[t]) / (t + 1), column by column.
//
// Idea: lanes lie along the channels and whole rows are walked in order, so that the hardware's prefetcher
// sees two plain streams (sweep.hpp). Rows are summed in blocks of b; a finished block joins the carry.
// Stores go as a copy's would: plain where the last level is near, else into prefetched lines in L2 and
// streamed past it; streamed past all caches.
//
// Cost: 3 flops and 8 bytes an element (x once, y once; 12 bytes past the caches without streaming stores).
// Roundings: b - 1 additions inside a block, one for each block after it, the sum with the carry, 1/n and the
// product: at most b + ceil((t + 1) / b) + 1 for row t, where a plain running sum has t + 2.
// Of the traffic's limit, one thread, 8x256x64 / 8x1024x64 / 32x1024x384: Sapphire Rapids 0.95 / 0.95 / 0.94,
// Zen 4 0.96 / 0.94 at the first two; Emerald Rapids 0.96 at 4x2048x128 (docs/lab/prefix_mean.md). Of several
// threads each takes sequences; those left are cut, by columns if rows are wide, else along time if that
// pays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/mean/sweep.hpp"
#include "kernels/parallel.hpp"
#include "kernels/quotients.hpp"

namespace trilbench::TRILBENCH_ISA {

struct PrefixMeanTuning {
  int block_rows = 128;      // b
  int register_vectors = 8;  // vectors of a row whose sums stay in registers
  int panel_vectors = 128;   // of a wider row: at most so many sums at a time, the others in L1
};

/// The plan for a batch of matrices [rows, columns].
template <PrefixMeanTuning tuning = PrefixMeanTuning{}>
class PrefixMean {
  static_assert(tuning.panel_vectors > 2 * tuning.register_vectors,
                "half a panel is more than the registers'");

 public:
  PrefixMean(std::int64_t batches, std::int64_t rows, std::int64_t columns, int threads, const Caches& caches)
      : batches_(batches), rows_(rows), columns_(columns), threads_(threads), parts_(threads) {
    // Rounding up keeps the blocks of narrow rows within the declared number.
    block_rows_ = multiple_above(tuning.block_rows, narrow() ? lanes / columns : 1);
    // Rows so wide that threads which share them hardly ever meet are cut into columns.
    by_columns_ = columns / (lanes * tuning.panel_vectors) >= 2 * threads;
    const std::int64_t row_bytes = columns * std::int64_t{sizeof(float)};
    const std::int64_t even = multiple_above(quotient_above(rows, threads), block_rows_);
    const std::int64_t cached =
        std::max<std::int64_t>(caches.L2 / 2 / row_bytes / block_rows_, 1) * block_rows_;
    chunk_rows_ = std::min(even, cached);
    // A cut sequence is read twice, and those that are cut wait for each other: it has to bring more threads
    // to work than have a sequence of their own.
    const std::int64_t left = batches % threads;
    const std::int64_t at_once = std::min<std::int64_t>(threads, quotient_above(rows, chunk_rows_));
    whole_ = by_columns_ || (rows > block_rows_ && 2 * at_once > 3 * left) ? batches - left : batches;
    choose_stores(2 * batches * rows * row_bytes, caches);
  }

  std::size_t scratch_bytes() const {
    return parts_.bytes() +
           sizeof(float) * static_cast<std::size_t>(reciprocal_floats() + threads_ * floats_of_part());
  }

  /// Places the parts in the scratch and builds the table of 1/n.
  void prepare(void* scratch) const {
    float* const reciprocal = reinterpret_cast<float*>(parts_.behind(scratch));
    for (std::int64_t i = 0; i < (narrow() ? 0 : rows_); ++i)
      reciprocal[i] = 1.0f / static_cast<float>(i + 1);
    parts_.prepare(scratch, [&](int part) {
      const std::int64_t size = sum_floats();
      // The carry lies apart from the block's sums: next to them, wide rows take up to a quarter longer (Zen
      // 4).
      float* const own = reciprocal + reciprocal_floats() + part * floats_of_part();
      return Part{.sweep = {.rows = rows_,
                            .columns = columns_,
                            .block_rows = block_rows_,
                            .panel_vectors = tuning.panel_vectors,
                            .reciprocal = reciprocal,
                            .block = own,
                            .carry = own + 4 * size,
                            .ring = own + multiple_above(5 * size, floats_of_line)},
                  .sequences = {whole_ * part / threads_, whole_ * (part + 1) / threads_},
                  .before = own + size,
                  .chunk = {own + 2 * size, own + 3 * size}};
    });
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    const float* const x = inputs[0];
    const auto* const parts = static_cast<const Part*>(scratch);
    const bool aligned = reinterpret_cast<std::uintptr_t>(y) % sizeof(Lanes) == 0;
    SweepRows* const sweep = aligned ? sweep_aligned_ : sweep_;
    if (threads_ == 1) {  // as below, but sooner: the team's functions take longer than a small problem
      sweep(parts->sweep, {x, y, batches_, 0, rows_});
      if (streams_) stream_fence();
      return;
    }
    const std::int64_t size = rows_ * columns_;
    parallel(threads_, [&](Team team) {
      team.each_part(threads_, [&](int part) {
        const auto [begin, end] = parts[part].sequences;
        sweep(parts[part].sweep, {x + begin * size, y + begin * size, end - begin, 0, rows_});
      });
      if (by_columns_) {
        SweepRows* const sweep_columns = aligned ? sweep_cut_aligned_ : sweep_cut_;
        team.each_part(threads_, [&](int part) {
          sweep_columns(parts[part].sweep, {.x = x + whole_ * size,
                                            .y = y + whole_ * size,
                                            .sequences = batches_ - whole_,
                                            .first = 0,
                                            .end = rows_,
                                            .share = part,
                                            .shares = threads_});
        });
      } else {
        int chunk = 0;
        for (std::int64_t b = whole_; b < batches_; ++b)
          run_cut(team, chunk, x + b * size, y + b * size, parts, aligned);
      }
      if (streams_) stream_fence();
    });
  }

  /// What was chosen, and why.
  template <class Explanation>
  void explain(Explanation& say) const {
    const Caches caches(say.machine);
    // Of a y that begins with a register's boundary.
    SweepRows* const used = whole_ > 0 ? sweep_aligned_ : sweep_cut_aligned_;
    const auto sweeps = [&](Means means, Source source) {
      return used == sweep_for<tuning.register_vectors>(means, source, columns_);
    };
    const bool ringed = sweeps(Means::ringed, Source::cache) || sweeps(Means::ringed, Source::memory);
    const bool streamed =
        ringed || sweeps(Means::streamed, Source::cache) || sweeps(Means::streamed, Source::memory);
    const std::int64_t bytes = 2 * batches_ * rows_ * columns_ * std::int64_t{sizeof(float)};
    const bool from_memory = sweeps(Means::ringed, Source::memory) || sweeps(Means::streamed, Source::memory);
    const std::int64_t vectors = quotient_above(columns_, lanes);
    const std::int64_t panels =
        panels_of(ringed ? Means::ringed : Means::stored, vectors, tuning.panel_vectors);
    const int in_registers =
        detail::vectors_in_registers(from_memory ? Source::memory : Source::cache, tuning.register_vectors);
    if (narrow())
      say("rows", lanes / columns_, " to a register, as ", columns_, " columns are fewer than ", lanes,
          " lanes");
    else if (vectors <= in_registers)
      say("rows", "their sums stay in ", vectors, " registers");
    else if (from_memory)
      say("rows", "of ", vectors, " vectors, whose sums are loaded and stored, as x comes from memory");
    else
      say("rows", "of ", vectors, " vectors: sums of the first ", in_registers,
          panels > 1 ? " of a panel" : "", " stay in registers, the others are loaded and stored");
    if (panels > 1)
      say("panels", panels, " of a row, of up to ", quotient_above(vectors, panels), " vectors");
    say("sums", "in blocks of ", block_rows_, " rows, for accuracy");
    const std::int64_t past_caches = caches.past_caches_of(threads_);
    const char* const stores =
        from_memory ? "streaming, x prefetched"
        : streamed  ? (bytes < past_caches ? "streaming, to spare a far last level" : "streaming")
        : sweeps(Means::prefetched, Source::cache) ? "to prefetched lines"
                                                   : "plain";
    if (!has_streaming_stores)
      say("stores", stores, ": this instruction set has none past the caches");
    else
      say("stores", stores, ": x and y are ", say.bytes(bytes), ", past all caches from ",
          say.bytes(past_caches), "; a thread's part is ", say.bytes(bytes / threads_), ", its L1 ",
          say.bytes(caches.L1), ", L2 ", say.bytes(caches.L2), ", the last level ",
          caches.far_last_level ? "far" : "near");
    if (threads_ > 1 && whole_ < batches_ && !by_columns_)
      say("chunks", chunk_rows_, " rows at a time to a thread, ",
          say.bytes(chunk_rows_ * columns_ * std::int64_t{sizeof(float)}), " against half an L2, ",
          say.bytes(caches.L2 / 2), ": ", batches_ - whole_, " of ", batches_,
          " sequences are cut along time");
    explain_threads(say, threads_,
                    whole_ == batches_
                        ? (whole_ < threads_ ? "a sequence at most each" : "each with sequences of its own")
                    : whole_ == 0
                        ? (by_columns_ ? "columns of every sequence" : "pieces in time of every sequence")
                    : by_columns_ ? "sequences each, then columns of those that are left"
                                  : "sequences each, then pieces in time of those that are left");
  }

 private:
  /// What one part of the work does and has. All sums hold a vector for each vector of a row.
  struct Part {
    Sweep sweep;
    Range sequences;  // of those that are not cut
    float* before;    // the sum of all chunks before those under way
    float* chunk[2];  // the sum of the chunk under way, for the other parts; two, as some may still read the
                      // last one
  };

  bool narrow() const { return columns_ < lanes; }

  /// Past all caches ordinary stores would read y. A far last level is spared them as soon as they leave L2,
  /// in which they wait for y's lines, unless these are prefetched. A near one takes them gladly.
  void choose_stores(std::int64_t bytes, const Caches& caches) {
    const std::int64_t own_bytes = bytes / threads_;
    const bool past_caches = bytes >= caches.past_caches_of(threads_);
    streams_ = has_streaming_stores && (past_caches || (own_bytes > caches.L2 && caches.far_last_level));
    const Means ordinary = caches.far_last_level && own_bytes > caches.L1 ? Means::prefetched : Means::stored;
    const Means means = streams_ ? Means::ringed : ordinary;
    const Means aligned = streams_ && columns_ % lanes == 0 ? Means::streamed : means;
    const Source source = past_caches && streams_ ? Source::memory : Source::cache;
    const auto sweep = [&](Means of, Source from) {
      return sweep_for<tuning.register_vectors>(of, from, columns_);
    };
    sweep_ = sweep(means, source);
    sweep_aligned_ = sweep(aligned, source);
    sum_chunk_ = sweep(Means::dropped, source);
    // A ring takes whole rows, and a chunk is in the cache once it is summed.
    const Means cut = by_columns_ && streams_ ? ordinary : means;
    const Source cut_source = by_columns_ ? source : Source::cache;
    sweep_cut_ = sweep(cut, cut_source);
    sweep_cut_aligned_ = sweep(aligned == Means::streamed ? aligned : cut, cut_source);
  }

  std::int64_t reciprocal_floats() const { return narrow() ? 0 : multiple_above(rows_, floats_of_line); }
  std::int64_t sum_floats() const { return multiple_above(columns_, lanes); }
  std::int64_t floats_of_part() const {
    return multiple_above(multiple_above(5 * sum_floats(), floats_of_line) + StreamingRing::floats(columns_),
                          32);
  }

  /// One sequence, cut along time into chunks that fit L2: every part sums its chunk, adds up what lies
  /// before it, and walks the chunk again, now from the cache, to write the means.
  void run_cut(Team team, int& chunk, const float* x, float* y, const Part* parts, bool aligned) const {
    SweepRows* const sweep = aligned ? sweep_cut_aligned_ : sweep_cut_;
    team.each_part(threads_, [&](int part) { std::fill_n(parts[part].before, sum_floats(), 0.0f); });
    for (std::int64_t first = 0; first < rows_; first += threads_ * chunk_rows_, chunk ^= 1) {
      const auto begin = [&](int part) { return std::min(rows_, first + part * chunk_rows_); };
      team.each_part(threads_, [&](int part) {
        const Part& own = parts[part];
        if (begin(part + 1) < rows_) {
          sum_chunk_(own.sweep, {x, y, 1, begin(part), begin(part + 1), nullptr, own.chunk[chunk]});
        } else {
          std::fill_n(own.chunk[chunk], sum_floats(), 0.0f);
        }
      });
      team.barrier();
      team.each_part(threads_, [&](int part) {
        const Part& own = parts[part];
        for (int other = 0; other < threads_; ++other) {
          if (other == part) std::copy_n(own.before, sum_floats(), own.sweep.carry);
          for (std::int64_t i = 0; i < sum_floats(); i += lanes)
            store(own.before + i, load(own.before + i) + load(parts[other].chunk[chunk] + i));
        }
        sweep(own.sweep, {x, y, 1, begin(part), begin(part + 1), own.sweep.carry});
      });
    }
  }

  std::int64_t batches_, rows_, columns_;
  int threads_;
  PartTable<Part> parts_;
  std::int64_t block_rows_, chunk_rows_;
  bool by_columns_;
  std::int64_t whole_;  // sequences that are not cut
  bool streams_;
  SweepRows *sweep_, *sweep_aligned_;  // for a y that begins anywhere, and with a register's boundary
  SweepRows *sum_chunk_, *sweep_cut_, *sweep_cut_aligned_;  // for a sequence that is cut
};

}  // namespace trilbench::TRILBENCH_ISA
