// y[b] = softmax(mask(W)) x[b] for a batch of matrices x[rows, columns] and one W[rows, rows] of logits;
// nothing above the diagonal of W is read.
//
// Idea: the weights of a row serve the whole batch, so they are made once (softmax/row_softmax.hpp) and
// multiplied as a triangle (gemm/triangular_gemm.hpp). They stay as the exponentials give them: the tile
// multiplies each row of y with the reciprocal of its weights' sum on its way out. Where all of x stays in
// L2, a panel of a few rows of weights is made just before its use: O(panel) of workspace, and no barrier. A
// larger x would come from further away panel after panel; there the whole triangle is made first.
//
// Cost: columns * rows * (rows + 1) flops a matrix, and rows * (rows + 1) / 2 exponentials for the batch.
// Roundings: those of an exponential, of the sum and its reciprocal, then a product, t additions and the
// product with the reciprocal (docs/numerics.md).
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

/// The plan. Given whole triangles only, it makes no panels.
template <TileTuning tuning = TileTuning{}, bool panels = true>
class WeightedMean {
 public:
  WeightedMean(std::int64_t batches, std::int64_t rows, std::int64_t columns, int threads,
               const Caches& caches)
      : product_(batches, rows, columns, threads, caches), rows_(rows), parts_(threads) {
    stride_ = triangle_stride(rows);
    in_panels_ = panels && product_.rows_stand_alone() &&
                 batches * rows * columns * std::int64_t{sizeof(float)} <= caches.L2;
    if (in_panels_) {
      const std::int64_t unit = product_.unit();
      const std::int64_t fit = caches.L1 * 3 / 2 / (stride_ * std::int64_t{sizeof(float)});
      height_ = std::min(std::max<std::int64_t>(fit / unit, 1) * unit, rows);
    } else {
      height_ = rows;
    }
  }

  std::size_t scratch_bytes() const {
    const auto weights = static_cast<std::size_t>(weights_floats()) * sizeof(float);
    return parts_.bytes() + (in_panels_ ? static_cast<std::size_t>(parts_.parts()) * weights
                                        : weights + product_.scratch_bytes());
  }

  void prepare(void* scratch) const {
    parts_.prepare(scratch, [this](int part) {
      return part_of_triangles(1, rows_, in_panels_ ? product_.unit() : 1, part, parts_.parts());
    });
    if (!in_panels_) product_.prepare(behind_weights(scratch));
  }

  /// The rows of logits are `logits_row` floats apart.
  void run(const float* logits, std::int64_t logits_row, const float* x, float* y, void* scratch) const {
    float* const weights = reinterpret_cast<float*>(parts_.behind(scratch));
    parallel(parts_.parts(), [&](Team team) {
      if (in_panels_) {
        parts_.each_part(team, scratch, [&](Range range, int part) {
          float* const own = weights + part * weights_floats();
          for (std::int64_t first = range.begin; first < range.end; first += height_) {
            const std::int64_t end = std::min(first + height_, range.end);
            weigh(logits, logits_row, first, end, own, scale_of(own));
            product_.run_rows_alone({own - first * stride_, stride_, scale_of(own) - first}, x, y, first,
                                    end);
          }
        });
      } else {
        float* const scale = scale_of(weights);
        parts_.each_part(team, scratch, [&](Range range, int) {
          weigh(logits, logits_row, range.begin, range.end, weights + range.begin * stride_,
                scale + range.begin);
        });
        team.barrier();
        product_.run(team, {weights, stride_, scale}, x, y, behind_weights(scratch));
      }
    });
  }

 private:
  /// The weights of a panel or of the whole triangle, and behind them their rows' scales.
  std::int64_t weights_floats() const { return height_ * stride_ + triangle_stride(height_); }
  float* scale_of(float* weights) const { return weights + height_ * stride_; }

  /// Of the whole triangle: what the product has to itself.
  void* behind_weights(void* scratch) const {
    return reinterpret_cast<float*>(parts_.behind(scratch)) + weights_floats();
  }

  /// The weights and scales of rows [first, end).
  void weigh(const float* logits, std::int64_t logits_row, std::int64_t first, std::int64_t end,
             float* weights, float* scale) const {
    for (std::int64_t t = first; t < end; ++t, weights += stride_)
      *scale++ = 1.0f / row_softmax(logits + t * logits_row, weights, t + 1);
  }

  TriangularGemm<tuning, true> product_;
  std::int64_t rows_;
  PartTable<Range> parts_;
  bool in_panels_;
  std::int64_t stride_;  // floats from one row of weights to the next
  std::int64_t height_;  // rows of weights that are made at once
};

}  // namespace trilbench::TRILBENCH_ISA
