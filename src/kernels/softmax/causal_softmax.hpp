// P = softmax(mask(W)), short rows four abreast (rows_abreast.hpp), long ones in a pipeline
// (pipeline.hpp) whose stores go past the caches when these cannot hold W and P.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/parallel.hpp"
#include "kernels/shares.hpp"
#include "kernels/softmax/pipeline.hpp"
#include "kernels/softmax/rows_abreast.hpp"

namespace trilbench::TRILBENCH_ISA {

struct CausalSoftmaxTuning {
  std::int64_t longest_abreast = 512;       // rows longer than this go through the pipeline
  std::int64_t streaming_bytes = 20 << 20;  // of W's triangle and P together, from which stores are streamed
};

template <CausalSoftmaxTuning tuning = CausalSoftmaxTuning{}>
class CausalSoftmax {
 public:
  CausalSoftmax(std::int64_t T, int threads) : T_(T), threads_(threads) {}

  std::size_t workspace_bytes() const {
    return abreast() ? 0 : sizeof(float) * static_cast<std::size_t>(threads_ * softmax_pipeline_floats(T_));
  }

  void run(const float* W, float* P, void* workspace) const {
    constexpr int rows = 4;
    const bool streamed = has_streaming_stores && 6 * T_ * T_ >= tuning.streaming_bytes;
    parallel(threads_, [&](Team team) {
      team.each_part(threads_, [&](int part) {
        // Past the caches an element costs as much written as read; within them the exponential outweighs it.
        const double each = abreast() ? 0.5 : 1.0;
        const std::int64_t begin = masked_rows_share(T_, rows, each, part, threads_);
        const std::int64_t end = masked_rows_share(T_, rows, each, part + 1, threads_);
        const auto buffer = [&] {
          return static_cast<float*>(workspace) + part * softmax_pipeline_floats(T_);
        };
        if (abreast()) {
          std::int64_t t = begin;
          for (; t + rows <= end; t += rows) softmax_rows_abreast<rows>(W, P, T_, t);
          for (; t < end; ++t) softmax_rows_abreast<1>(W, P, T_, t);
        } else if (streamed) {
          softmax_pipeline<Stores::streaming>(W, P, T_, begin, end, buffer());
          stream_fence();
        } else {
          softmax_pipeline<Stores::ordinary>(W, P, T_, begin, end, buffer());
        }
      });
    });
  }

 private:
  bool abreast() const { return T_ <= tuning.longest_abreast; }

  std::int64_t T_;
  int threads_;
};

}  // namespace trilbench::TRILBENCH_ISA
