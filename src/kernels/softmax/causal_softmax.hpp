// Plans of P = softmax(mask(W)): which rows a thread takes, with which method, is worked out once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/softmax/pipeline.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "kernels/softmax/rows_abreast.hpp"

namespace trilbench::TRILBENCH_ISA {

/// One row after the other: softmax(logits, p, count) writes `count` weights.
template <auto softmax>
class RowByRow {
 public:
  RowByRow(std::int64_t T, int threads) : T_(T), parts_(threads) {}

  std::size_t scratch_bytes() const { return parts_.bytes(); }

  void prepare(void* scratch) const {
    parts_.prepare(scratch,
                   [this](int part) { return part_of_masked_rows(T_, 1, 0.5, part, parts_.parts()); });
  }

  void run(const float* const* inputs, float* P, void* scratch) const {
    parallel(parts_.parts(), [&, W = inputs[0], T = T_](Team team) {
      parts_.each_part(team, scratch, [&](Range range, int) {
        for (std::int64_t t = range.begin; t < range.end; ++t) {
          softmax(W + t * T, P + t * T, t + 1);
          clear_row(P + t * T + t + 1, T - t - 1);
        }
      });
    });
  }

  template <class Explanation>
  void explain(Explanation& say) const {
    say("path", "one row of ", T_, " after the other: there is no choice");
    explain_threads(say, parts_.parts(), "parts of the rows, equal by what is exponentiated and written");
  }

 private:
  std::int64_t T_;
  PartTable<Range> parts_;
};

/// Several rows under way at once: short rows abreast, or two in a register (rows_abreast.hpp), those longer
/// than `longest_abreast` in a pipeline (pipeline.hpp), whose stores go past the caches when these cannot
/// hold W and P, or L2 cannot and the last level is far.
template <std::int64_t longest_abreast = 512>
class CausalSoftmax {
 public:
  CausalSoftmax(std::int64_t T, int threads, const Caches& caches) : T_(T), parts_(threads) {
    const bool spared = caches.far_last_level && bytes(T) / threads > caches.L2;
    const bool streams = has_streaming_stores && (spared || bytes(T) >= past_caches(caches, threads));
    method_ = T <= longest_abreast ? Method::abreast
              : streams            ? Method::streaming_pipeline
                                   : Method::pipeline;
  }

  std::size_t scratch_bytes() const {
    return parts_.bytes() + sizeof(float) * static_cast<std::size_t>(parts_.parts() * floats_of_buffer());
  }

  void prepare(void* scratch) const {
    // Past the caches an element costs as much written as read; within them the exponential outweighs it.
    const double each = method_ == Method::abreast ? 0.5 : 1.0;
    parts_.prepare(scratch,
                   [&](int part) { return part_of_masked_rows(T_, rows, each, part, parts_.parts()); });
  }

  void run(const float* const* inputs, float* P, void* scratch) const {
    parallel(parts_.parts(), [&, W = inputs[0]](Team team) {
      parts_.each_part(team, scratch, [&](Range range, int part) {
        if (method_ == Method::abreast) return softmax_abreast<rows>(W, P, T_, range);
        float* const buffer = reinterpret_cast<float*>(parts_.behind(scratch)) + part * floats_of_buffer();
        if (method_ == Method::pipeline) return softmax_pipeline<Stores::ordinary>(W, P, T_, range, buffer);
        softmax_pipeline<Stores::streaming>(W, P, T_, range, buffer);
        stream_fence();
      });
    });
  }

  /// What was chosen, and why.
  template <class Explanation>
  void explain(Explanation& say) const {
    if (method_ == Method::abreast) {
      say("path", rows, " rows abreast, or two in a register: at most ", longest_abreast, " long");
    } else {
      say("path", "rows in a pipeline: longer than ", longest_abreast, "; its buffers are ",
          say.bytes(floats_of_buffer() * std::int64_t{sizeof(float)}), " a thread");
      const Caches caches(say.machine);
      const std::int64_t past = past_caches(caches, parts_.parts());
      const char* const stores = method_ == Method::pipeline ? "to prefetched lines"
                                 : bytes(T_) >= past         ? "streaming"
                                                             : "streaming, to spare a far last level";
      if (!has_streaming_stores)
        say("stores", stores, ": this instruction set has none past the caches");
      else
        say("stores", stores, ": W's triangle and P are ", say.bytes(bytes(T_)), ", past the caches from ",
            say.bytes(past), "; a thread's part is ", say.bytes(bytes(T_) / parts_.parts()), ", its L2 ",
            say.bytes(caches.L2), ", the last level ", caches.far_last_level ? "far" : "near");
    }
    explain_threads(say, parts_.parts(), "parts of the rows, equal by what is exponentiated and written");
  }

 private:
  enum class Method { abreast, pipeline, streaming_pipeline };
  static constexpr int rows = 4;  // abreast

  std::int64_t floats_of_buffer() const {
    return method_ == Method::abreast ? 0 : softmax_pipeline_floats(T_);
  }

  /// W's triangle and P.
  static std::int64_t bytes(std::int64_t T) { return 6 * T * T; }
  static std::int64_t past_caches(const Caches& caches, int threads) {
    return caches.past_caches_of(threads) / 8 * 5;
  }

  std::int64_t T_;
  PartTable<Range> parts_;
  Method method_;
};

}  // namespace trilbench::TRILBENCH_ISA
