// Attention out of a library's products, as well as its users can: blocks of queries against the keys that
// they see, so that no more than half of a block's square is computed for nothing; the suite's softmax, since
// these libraries have none; and the product with the values. Threads share the blocks, and the library uses
// one in each.
//
// 64 queries a block: of 32 to 512, within 5 % of the best at T = 256, 1024 and 4096, D = 64, by OpenBLAS
// 0.3.34, MKL 2026.2 and BLIS 0.9 alike (Zen 4).
#include <omp.h>

#include <algorithm>

#include "operations/attention.hpp"
#include "peers/cblas/library.hpp"
#include "peers/cblas/routines.hpp"
#include "peers/cblas/softmax/softmax.hpp"

namespace trilbench::cblas::causal_attention {
namespace {

constexpr std::int64_t block = 64;

class Plan {
 public:
  Plan(const Problem& problem, const Machine&)
      : axes_(problem), threads_(problem.threads), softmax_(softmax_of_rows()) {}

  /// For each thread the logits of a block, and the sums of their exponentials.
  std::size_t scratch_bytes() const {
    return static_cast<std::size_t>(threads_ * floats_of_thread()) * sizeof(float);
  }

  void prepare(void*) const { library().set_num_threads(1); }

  void run(const float* const* inputs, float* y, void* scratch) const {
    const std::int64_t blocks = (axes_.T + block - 1) / block, heads = axes_.B * axes_.H;
#pragma omp parallel num_threads(threads_) if (threads_ > 1)
    {
      float* const own = static_cast<float*>(scratch) + omp_get_thread_num() * floats_of_thread();
      // The last blocks see most keys: first they, so that the threads end together.
#pragma omp for schedule(dynamic)
      for (std::int64_t i = 0; i < blocks * heads; ++i)
        attend(inputs, y, i % heads, (blocks - 1 - i / heads) * block, own);
    }
  }

 private:
  std::int64_t floats_of_thread() const { return block * (axes_.T + 1); }

  /// The queries of a head from `first` on.
  void attend(const float* const* inputs, float* y, std::int64_t head, std::int64_t first,
              float* logits) const {
    const std::int64_t T = axes_.T, D = axes_.D, end = std::min(T, first + block);
    const auto rows = static_cast<int>(end - first), keys = static_cast<int>(end),
               terms = static_cast<int>(D);
    const float* const q = inputs[0] + (head * T + first) * D;
    const float* const k = inputs[1] + axes_.kv_head(head) * T * D;
    const float* const v = inputs[2] + axes_.kv_head(head) * T * D;
    float* const sums = logits + block * T;
    y += (head * T + first) * D;
    library().sgemm(row_major, no_transpose, transpose, rows, keys, terms,
                    static_cast<float>(attention_scale(D)), q, terms, k, terms, 0.0f, logits, keys);
    softmax_(logits, rows, first + 1, keys, sums);
    library().sgemm(row_major, no_transpose, no_transpose, rows, terms, keys, 1.0f, logits, keys, v, terms,
                    0.0f, y, terms);
    for (int row = 0; row < rows; ++row, y += D)
      for (std::int64_t d = 0; d < D; ++d) y[d] /= sums[row];
  }

  AttentionAxes axes_;
  int threads_;
  SoftmaxOfRows softmax_;
};

const char* refuses(const Problem& problem) {
  const AttentionAxes axes(problem);
  return cblas::refuses(problem, std::max(axes.T, axes.D));
}

}  // namespace

extern const Implementation sgemm_softmax = {
    .idea =
        "the library is asked for the products of 64 queries with the keys that they see, and of their "
        "weights with the values; the suite for the softmax between",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 2},
    .kernel = kernel_of<Plan>(refuses),
};

}  // namespace trilbench::cblas::causal_attention
