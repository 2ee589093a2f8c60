// y[b] = softmax(mask(W)) x[b] for a batch of matrices x[rows, columns] and one W[rows, rows] of logits;
// nothing above the diagonal of W is read.
//
// Idea: the weights of a row serve the whole batch, so they are made once (softmax/row_softmax.hpp) and
// multiplied as a triangle (gemm/triangular_gemm.hpp), which divides each row of y by its weights' sum on its
// way out. Where all of x stays in L2, a panel of a few rows of weights is made just before its use: O(panel)
// of workspace, and no barrier. A larger x would come from further away panel after panel; there the whole
// triangle is made first.
//
// Cost: columns * rows * (rows + 1) flops a matrix, and rows * (rows + 1) / 2 exponentials for the batch.
// Roundings: those of a softmax and of a triangular product (docs/numerics.md).
// On Sapphire Rapids, one thread: 209 us at 8x256x64, the product alone 198 (docs/lab/weighted_mean.md).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/gemm/triangular_gemm.hpp"
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/softmax/row_softmax.hpp"

namespace trilbench::TRILBENCH_ISA {

/// The plan. Without `panels` the whole triangle is made first, however small x is.
template <TileTuning tuning = TileTuning{}, bool panels = true>
class WeightedMean {
 public:
  WeightedMean(std::int64_t batches, std::int64_t rows, std::int64_t columns, int threads,
               const Caches& caches)
      : product_(batches, rows, columns, threads, caches),
        parts_(threads),
        stride_(OwnTriangle{rows}.stride()) {
    in_panels_ = panels && product_.rows_stand_alone() &&
                 batches * rows * columns * std::int64_t{sizeof(float)} <= caches.L2;
    height_ = rows;
    if (!in_panels_) return;
    const std::int64_t unit = product_.unit();
    const std::int64_t fit = caches.L1 * 3 / 2 / (stride_ * std::int64_t{sizeof(float)});
    height_ = std::min(std::max<std::int64_t>(fit / unit, 1) * unit, rows);
  }

  std::int64_t rows() const { return product_.rows(); }

  std::size_t scratch_bytes() const {
    const auto weights = static_cast<std::size_t>(weights_floats()) * sizeof(float);
    return parts_.bytes() + (in_panels_ ? static_cast<std::size_t>(parts_.parts()) * weights
                                        : weights + product_.scratch_bytes());
  }

  void prepare(void* scratch) const {
    parts_.prepare(scratch, [this](int part) {
      return part_of_triangles(1, rows(), in_panels_ ? product_.unit() : 1, part, parts_.parts());
    });
    if (!in_panels_) product_.prepare(weights_in(scratch) + weights_floats());
  }

  /// Logits, whose rows follow each other, and x.
  void run(const float* const* inputs, float* y, void* scratch) const {
    run({inputs[0], rows()}, inputs[1], y, scratch);
  }

  void run(const Triangle& logits, const float* x, float* y, void* scratch) const {
    float* const weights = weights_in(scratch);
    parallel(parts_.parts(), [&](Team team) {
      if (in_panels_) {
        parts_.each_part(team, scratch, [&](Range range, int part) {
          float* const own = weights + part * weights_floats();
          for (std::int64_t first = range.begin; first < range.end; first += height_) {
            const std::int64_t end = std::min(first + height_, range.end);
            const Triangle panel = weigh(logits, first, end, own - first * stride_, scale_of(own) - first);
            product_.run_rows_alone(panel, x, y, first, end);
          }
        });
      } else {
        parts_.each_part(team, scratch, [&](Range range, int) {
          weigh(logits, range.begin, range.end, weights, scale_of(weights));
        });
        team.barrier();
        product_.run(team, {weights, stride_, scale_of(weights)}, x, y, weights + weights_floats());
      }
    });
  }

  /// What was chosen, and why; then of the product.
  template <class Explanation>
  void explain(Explanation& say) const {
    const auto made = say.bytes(weights_floats() * std::int64_t{sizeof(float)});
    const auto L2 = say.bytes(Caches(say.machine).L2);
    if (in_panels_)
      say("weights", "made just before their use, in panels of ", height_, " rows, ", made,
          " against 1.5 L1, ", say.bytes(Caches(say.machine).L1 * 3 / 2), ": all of x stays in L2, ", L2);
    else if (!panels)
      say("weights", "the whole triangle first, ", made);
    else if (product_.rows_stand_alone())
      say("weights", "the whole triangle first, ", made, ": all of x exceeds L2, ", L2);
    else
      say("weights", "the whole triangle first, ", made,
          ": the product takes whole matrices, or copies columns of them");
    product_.explain(say, in_panels_);
    if (in_panels_) explain_threads(say, parts_.parts(), "parts of the triangle of equal area, for all of x");
  }

 private:
  /// The weights of a panel or of the whole triangle, and behind them their rows' scales.
  std::int64_t weights_floats() const { return height_ * stride_ + OwnTriangle{height_}.stride(); }
  float* weights_in(void* scratch) const { return reinterpret_cast<float*>(parts_.behind(scratch)); }
  float* scale_of(float* weights) const { return weights + height_ * stride_; }

  /// The weights and scales of rows [first, end), in their places of a triangle's.
  Triangle weigh(const Triangle& logits, std::int64_t first, std::int64_t end, float* weights,
                 float* scale) const {
    constexpr int abreast = 4;
    std::int64_t t = first;
    if constexpr (lanes / 2 > abreast)
      for (; t + abreast <= std::min<std::int64_t>(end, lanes / 2); t += abreast)
        weigh_in_halves<abreast>(logits, t, weights, scale);
    for (; t + abreast <= std::min<std::int64_t>(end, lanes); t += abreast)
      weigh_abreast<abreast>(logits, t, weights, scale);
    for (; t < end; ++t)
      scale[t] = 1.0f / row_softmax(logits.W + t * logits.stride, weights + t * stride_, t + 1);
    return {weights, stride_, scale};
  }

  /// Rows that one register holds each: the latencies of one are hidden behind the others'.
  template <int rows>
  [[gnu::flatten]] void weigh_abreast(const Triangle& logits, std::int64_t first, float* weights,
                                      float* scale) const {
    Lanes weight[rows], sum[rows];
    const auto count = [&](int i) { return static_cast<int>(first + i + 1); };
    unroll<rows>([&](auto i) {
      weight[i] = detail::load_logits(logits.W + (first + i) * logits.stride, count(i));
      sum[i] = max_of(weight[i]);
    });
    unroll<rows>([&](auto i) {
      weight[i] = exp_of_nonpositive(weight[i] - sum[i]);
      store(weights + (first + i) * stride_, weight[i]);
      sum[i] = sum_of(weight[i]);
    });
    unroll<rows>([&](auto i) { scale[first + i] = 1.0f / first_lane(sum[i]); });
  }

  /// Rows that half a register holds each: two in a register.
  template <int rows>
  [[gnu::flatten]] void weigh_in_halves(const Triangle& logits, std::int64_t first, float* weights,
                                        float* scale) const {
    constexpr int pairs = rows / 2;
    const auto larger = [](Lanes a, Lanes b) { return max(a, b); };
    const auto added = [](Lanes a, Lanes b) { return a + b; };
    const auto logits_of = [&](std::int64_t row) {
      return detail::load_logits(logits.W + row * logits.stride, static_cast<int>(row + 1));
    };
    const auto second = [](Lanes v) { return repeat<lanes / 2, lanes / 2>(v); };
    Lanes weight[pairs];
    unroll<pairs>([&](auto i) {
      const std::int64_t row = first + 2 * i;
      weight[i] = first_halves(logits_of(row), logits_of(row + 1));
    });
    unroll<pairs>([&](auto i) {
      const std::int64_t row = first + 2 * i;
      weight[i] = exp_of_nonpositive(weight[i] - combined_in_halves(weight[i], larger));
      store(weights + row * stride_, weight[i]);
      store(weights + (row + 1) * stride_, second(weight[i]));
    });
    unroll<pairs>([&](auto i) {
      const std::int64_t row = first + 2 * i;
      const Lanes sum = combined_in_halves(weight[i], added);
      scale[row] = 1.0f / first_lane(sum);
      scale[row + 1] = 1.0f / first_lane(second(sum));
    });
  }

  TriangularGemm<tuning, true> product_;
  PartTable<Range> parts_;
  std::int64_t stride_;  // floats from one row of weights to the next
  std::int64_t height_;  // rows of weights that are made at once
  bool in_panels_;
};

}  // namespace trilbench::TRILBENCH_ISA
