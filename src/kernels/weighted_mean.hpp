// y[b] = softmax(mask(W)) x[b] for a batch of matrices x[rows, columns] and one W[rows, rows] of logits;
// nothing above the diagonal of W is read.
//
// Idea: the weights of a row serve the whole batch, so they are made once (row_softmax.hpp) and multiplied as
// a triangle (triangular_gemm.hpp). They stay as the exponentials give them: each row of y is multiplied with
// the reciprocal of its weights' sum, which a tile does on its way out.
//
// Where all of x stays in the second-level cache, a panel of a few rows of weights is made just before its
// use, in memory that stays in the first or second level: O(panel) of workspace, and no barrier. A larger x
// would come from further away again and again, panel after panel; there the whole triangle is made first,
// into the workspace, and the product takes it as it takes any other.
//
// Cost: columns * rows * (rows + 1) flops a matrix, and rows * (rows + 1) / 2 exponentials for the batch.
//
// Measured on a two-core Sapphire Rapids VM that was not quiet, AVX-512, one thread:
// - Panels against the whole triangle, with an earlier exponential: 9.8 to 10.6 and 11.8 to 12.1 ms at
//   1x4096x64, where the triangle takes 67 MB; no difference at 8x256x64.
// - Weights normalised in the triangle, as softmax_gemm does: 13.2 ms at 1x4096x64; within 2 % from
//   8x256x64 on.
// - 8x256x64 takes 209 us, the product alone with given weights 198; 8x1024x64 3.34 to 3.40 ms and 3.05 to
//   3.19; two threads are 1.83 to 1.96 times as fast.
// - AVX-512 takes 0.59 of AVX2's time at 8x256x64, and 1.06 at 4x8x2, whose rows fill 1/8 of a register.
//
// Roundings: those of an exponential, of the sum and its reciprocal, then a product, t additions and the
// product with the reciprocal: docs/numerics.md.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/parallel.hpp"
#include "kernels/row_softmax.hpp"
#include "kernels/shares.hpp"
#include "kernels/triangular_gemm.hpp"

namespace trilbench::TRILBENCH_ISA {

struct WeightedMeanTuning {
  TriangularGemmTuning product{};
  std::int64_t panel_bytes = 48 << 10;  // of the weights of a panel of rows, but at least a tile's
  std::int64_t batch_bytes = 1 << 20;   // of x, all of it: what makes panels pay
};

template <WeightedMeanTuning tuning = WeightedMeanTuning{}>
struct WeightedMean {
  std::int64_t batches, rows, columns;

  std::size_t workspace_bytes(int threads) const {
    return static_cast<std::size_t>(shared_floats(threads) + threads * floats_of_thread()) * sizeof(float);
  }

  void run(int threads, const float* logits, const float* x, float* y, void* workspace) const {
    float* const shared = static_cast<float*>(workspace);
    float* const own = shared + shared_floats(threads);
    parallel(threads, [&](Team team) {
      if (in_panels()) {
        run_panels(team, threads, logits, x, y, own);
      } else {
        run_whole(team, threads, logits, x, y, shared);
      }
    });
  }

 private:
  TriangularGemm<tuning.product> product() const { return {batches, rows, columns}; }

  /// Floats from one row of weights to the next.
  std::int64_t stride() const { return triangle_stride(rows); }

  bool in_panels() const {
    return product().rows_stand_alone() &&
           batches * rows * columns * std::int64_t{sizeof(float)} <= tuning.batch_bytes;
  }

  std::int64_t rows_of_panel() const {
    const std::int64_t unit = product().unit();
    const std::int64_t fit = tuning.panel_bytes / (stride() * std::int64_t{sizeof(float)});
    return std::min(std::max<std::int64_t>(fit / unit, 1) * unit, rows);
  }

  /// The whole triangle, its rows' shares and what the product needs.
  std::int64_t shared_floats(int threads) const {
    return in_panels() ? 0 : (rows + 1) * stride() + product().scratch_floats(threads);
  }

  /// A panel and its rows' shares.
  std::int64_t floats_of_thread() const {
    return in_panels() ? rows_of_panel() * stride() + triangle_stride(rows_of_panel()) : 0;
  }

  /// The weights and shares of rows [first, end).
  void weigh(const float* logits, std::int64_t first, std::int64_t end, float* weights, float* share) const {
    for (std::int64_t t = first; t < end; ++t, weights += stride())
      *share++ = 1.0f / row_softmax(logits + t * rows, weights, t + 1);
  }

  void run_panels(Team team, int threads, const float* logits, const float* x, float* y, float* own) const {
    const int unit = product().unit();
    const std::int64_t height = rows_of_panel();
    team.each_part(threads, [&](int part) {
      float* const weights = own + part * floats_of_thread();
      float* const share = weights + height * stride();
      const std::int64_t end = triangle_share(1, rows, unit, part + 1, threads);
      for (std::int64_t first = triangle_share(1, rows, unit, part, threads); first < end; first += height) {
        const std::int64_t last = std::min(first + height, end);
        weigh(logits, first, last, weights, share);
        product().run_rows_alone({weights - first * stride(), stride(), share - first}, x, y, first, last);
      }
    });
  }

  void run_whole(Team team, int threads, const float* logits, const float* x, float* y,
                 float* weights) const {
    float* const share = weights + rows * stride();
    float* const scratch = share + stride();
    team.each_part(threads, [&](int part) {
      const std::int64_t first = triangle_share(1, rows, 1, part, threads);
      const std::int64_t end = triangle_share(1, rows, 1, part + 1, threads);
      weigh(logits, first, end, weights + first * stride(), share + first);
    });
    team.barrier();
    product().run(team, threads, {weights, stride(), share}, x, y, scratch);
  }
};

}  // namespace trilbench::TRILBENCH_ISA
