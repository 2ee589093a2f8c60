// P = softmax(mask(W)), planned once for T, threads and caches: short rows four abreast (rows_abreast.hpp),
// long ones in a pipeline (pipeline.hpp), whose stores go past the caches when these cannot hold W and P.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>

#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/softmax/pipeline.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "kernels/softmax/rows_abreast.hpp"

namespace trilbench::TRILBENCH_ISA {

/// The rows of a matrix whose lower triangle is worked on, in a part for each thread. Where they are cut is
/// worked out once and lies in memory of the caller's.
class MaskedRows {
 public:
  /// Cut at multiples of `unit`; an element of a row costs `each` (part_of_masked_rows).
  MaskedRows(std::int64_t rows, int unit, double each, int threads)
      : rows_(rows), unit_(unit), each_(each), threads_(threads) {}

  std::int64_t count() const { return rows_; }
  int parts() const { return threads_; }

  /// A multiple of 64.
  std::size_t bytes() const { return (sizeof(Range) * static_cast<std::size_t>(threads_) + 63) / 64 * 64; }

  void prepare(void* ranges) const {
    for (int part = 0; part < threads_; ++part)
      new (static_cast<Range*>(ranges) + part)
          Range(part_of_masked_rows(rows_, unit_, each_, part, threads_));
  }

  /// Calls body(part, range) for each part.
  template <class Body>
  void run(const void* ranges, const Body& body) const {
    parallel(threads_, [&](Team team) {
      team.each_part(threads_, [&](int part) { body(part, static_cast<const Range*>(ranges)[part]); });
    });
  }

 private:
  std::int64_t rows_;
  int unit_;
  double each_;
  int threads_;
};

/// The plan of a softmax that takes one row after the other: softmax(logits, p, count) writes `count`
/// weights.
template <auto softmax>
class RowByRow {
 public:
  RowByRow(std::int64_t T, int threads) : rows_(T, 1, 0.5, threads) {}

  std::size_t scratch_bytes() const { return rows_.bytes(); }
  void prepare(void* scratch) const { rows_.prepare(scratch); }

  void run(const float* const* inputs, float* P, void* scratch) const {
    const std::int64_t T = rows_.count();
    rows_.run(scratch, [W = inputs[0], P, T](int, Range part) {
      for (std::int64_t t = part.begin; t < part.end; ++t) {
        softmax(W + t * T, P + t * T, t + 1);
        clear_row(P + t * T + t + 1, T - t - 1);
      }
    });
  }

 private:
  MaskedRows rows_;
};

/// The plan of a softmax that has several rows under way at once; those longer than `longest_abreast` go
/// through the pipeline.
template <std::int64_t longest_abreast = 512>
class CausalSoftmax {
 public:
  CausalSoftmax(std::int64_t T, int threads, const Caches& caches)
      : method_(T <= longest_abreast                                             ? Method::abreast
                : has_streaming_stores && bytes(T) >= bytes_of_streaming(caches) ? Method::streaming_pipeline
                                                                                 : Method::pipeline),
        // Past the caches an element costs as much written as read; within them the exponential outweighs it.
        rows_(T, rows, method_ == Method::abreast ? 0.5 : 1.0, threads) {}

  std::size_t scratch_bytes() const {
    const std::int64_t floats =
        method_ == Method::abreast ? 0 : rows_.parts() * softmax_pipeline_floats(rows_.count());
    return rows_.bytes() + sizeof(float) * static_cast<std::size_t>(floats);
  }

  void prepare(void* scratch) const { rows_.prepare(scratch); }

  void run(const float* const* inputs, float* P, void* scratch) const {
    const float* const W = inputs[0];
    const std::int64_t T = rows_.count();
    const auto buffer = [&](int part) {
      return reinterpret_cast<float*>(static_cast<std::byte*>(scratch) + rows_.bytes()) +
             part * softmax_pipeline_floats(T);
    };
    rows_.run(scratch, [&](int part, Range range) {
      switch (method_) {
        case Method::abreast:
          return softmax_abreast<rows>(W, P, T, range);
        case Method::pipeline:
          return softmax_pipeline<Stores::ordinary>(W, P, T, range.begin, range.end, buffer(part));
        case Method::streaming_pipeline:
          softmax_pipeline<Stores::streaming>(W, P, T, range.begin, range.end, buffer(part));
          return stream_fence();
      }
    });
  }

 private:
  enum class Method { abreast, pipeline, streaming_pipeline };
  static constexpr int rows = 4;  // abreast

  /// W's triangle and P.
  static std::int64_t bytes(std::int64_t T) { return 6 * T * T; }

  /// From where on stores are streamed. Bounded, since a virtual machine may be told of a cache that it has a
  /// small part of.
  static std::int64_t bytes_of_streaming(const Caches& caches) {
    return std::min(caches.last_level / 8 * 5, std::int64_t{40} << 20);
  }

  Method method_;
  MaskedRows rows_;
};

}  // namespace trilbench::TRILBENCH_ISA
