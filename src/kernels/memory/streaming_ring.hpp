// Rows on their way to streaming stores that do not begin with a register's boundary: they are written to a
// ring in L1, and whole lines of it are streamed some way behind the writer, row by row, so that the
// streaming stores overlap with the computing, and the loads from the ring meet stores that have left the
// store buffer.
//
// Cost: one more store and load in L1 for each vector. What was tried: docs/lab/prefix_mean.md.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/memory/caches.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// What is written row by row, on its way to streaming stores.
class StreamingRing {
 public:
  /// Floats of memory for rows of `columns` floats, or of single registers.
  static std::int64_t floats(std::int64_t columns) { return size_for(columns) + overhang(columns); }

  /// Streams to `y`, by way of `memory`, which begins with a line.
  StreamingRing(float* memory, std::int64_t columns, float* y)
      : memory_(memory), size_(size_for(columns)), y_(y), head_(floats_to_line(y)) {
    written_ = streamed_ = -head_ & (floats_of_line - 1);
  }

  /// Where the next row is to be written.
  float* row() const { return memory_ + written_; }

  /// Takes `count` floats that were written to `row()`, at most a row or a register.
  void advance(std::int64_t count) {
    written_ += count;
    pending_ += count;
    if (written_ >= size_) {
      written_ -= size_;
      std::copy_n(memory_ + size_, written_, memory_);
    }
    if (head_ > 0) [[unlikely]]
      store(std::min(head_, pending_));
    while (pending_ >= floats_behind + floats_of_line) stream_line();
  }

  /// Streams what is left.
  void flush() {
    while (pending_ >= floats_of_line) stream_line();
    store(pending_);
  }

 private:
  static constexpr std::int64_t floats_behind = 512;

  /// Whole lines for a row that is written across the ring's end.
  static std::int64_t overhang(std::int64_t columns) {
    constexpr std::int64_t line = floats_of_line;
    return std::max<std::int64_t>(columns, lanes) / line * line + line;
  }

  /// Room for what waits, a row, and a line that is not yet whole.
  static std::int64_t size_for(std::int64_t columns) { return 2 * floats_behind + overhang(columns); }

  void stream_line() {
    for (int i = 0; i < floats_of_line; i += lanes)
      TRILBENCH_ISA::stream(y_ + i, load(memory_ + streamed_ + i));
    taken(floats_of_line);
  }

  /// Part of a line, with ordinary stores.
  void store(std::int64_t count) {
    std::copy_n(memory_ + streamed_, count, y_);
    head_ -= std::min(head_, count);
    taken(count);
  }

  void taken(std::int64_t count) {
    y_ += count;
    pending_ -= count;
    streamed_ += count;
    if (streamed_ == size_) streamed_ = 0;
  }

  float* memory_;
  std::int64_t size_;
  float* y_;                         // where the next line goes
  std::int64_t head_;                // floats before the first line of y begins
  std::int64_t written_, streamed_;  // places in the ring
  std::int64_t pending_ = 0;         // floats written, but not yet streamed
};

}  // namespace trilbench::TRILBENCH_ISA
