// A new query a head against a cache, out of a library's products: those with the keys, the suite's softmax,
// since these libraries have none, and those with the values. Either each head by itself, a matrix times a
// vector; or all heads that share a cache at once, so that it is read once for all. Threads share these
// tasks, and the library uses one in each; where there are more threads than tasks, the library has them all.
#include <algorithm>
#include <cstdint>

#include <omp.h>

#include "operations/attention_decode/cache.hpp"
#include "peers/cblas/library.hpp"
#include "peers/cblas/routines.hpp"
#include "peers/cblas/softmax/softmax.hpp"

namespace trilbench::cblas::attention_decode {
namespace {

template <bool at_once>
class Plan {
 public:
  Plan(const Problem& problem, const Machine&)
      : axes_(problem),
        queries_(at_once ? axes_.group() : 1),
        tasks_(axes_.B * axes_.H / queries_),
        threads_(problem.threads <= tasks_ ? problem.threads : 1),
        threads_of_library_(problem.threads / threads_),
        softmax_(softmax_of_rows()) {}

  /// For each thread the logits of the queries that it takes at once, and the sums of their exponentials.
  std::size_t scratch_bytes() const {
    return static_cast<std::size_t>(threads_ * floats_of_thread()) * sizeof(float);
  }

  void prepare(void*) const { library().set_num_threads(threads_of_library_); }

  void run(const float* const* inputs, float* y, void* scratch) const {
#pragma omp parallel for num_threads(threads_) if (threads_ > 1)
    for (std::int64_t task = 0; task < tasks_; ++task)
      decode(inputs, y, task * queries_,
             static_cast<float*>(scratch) + omp_get_thread_num() * floats_of_thread());
  }

 private:
  std::int64_t floats_of_thread() const { return queries_ * (axes_.T + 1); }

  /// The queries from the head `first` on.
  void decode(const float* const* inputs, float* y, std::int64_t first, float* logits) const {
    const std::int64_t cache = axes_.kv_head(first) * axes_.capacity() * axes_.D;
    const auto rows = static_cast<int>(queries_), keys = static_cast<int>(axes_.T),
               terms = static_cast<int>(axes_.D);
    const auto scale = static_cast<float>(attention_scale(axes_.D));
    const float *const q = inputs[0] + first * axes_.D, *const k = inputs[1] + cache,
                       *const v = inputs[2] + cache;
    float* const sums = logits + queries_ * axes_.T;
    y += first * axes_.D;
    if constexpr (at_once)
      library().sgemm(row_major, no_transpose, transpose, rows, keys, terms, scale, q, terms, k, terms, 0.0f,
                      logits, keys);
    else
      library().sgemv(row_major, no_transpose, keys, terms, scale, k, terms, q, 1, 0.0f, logits, 1);
    for (int row = 0; row < rows; ++row) softmax_(logits + row * axes_.T, 1, axes_.T, axes_.T, sums + row);
    if constexpr (at_once)
      library().sgemm(row_major, no_transpose, no_transpose, rows, terms, keys, 1.0f, logits, keys, v, terms,
                      0.0f, y, terms);
    else
      library().sgemv(row_major, transpose, keys, terms, 1.0f, v, terms, logits, 1, 0.0f, y, 1);
    for (int row = 0; row < rows; ++row, y += axes_.D)
      for (std::int64_t d = 0; d < axes_.D; ++d) y[d] /= sums[row];
  }

  DecodeAxes axes_;
  std::int64_t queries_, tasks_;  // of a task, and how many tasks
  int threads_, threads_of_library_;
  SoftmaxOfRows softmax_;
};

const char* refuses(const Problem& problem) {
  const DecodeAxes axes(problem);
  return cblas::refuses(problem, std::max(axes.T, axes.D));
}

}  // namespace

extern const Implementation sgemv_softmax = {
    .idea =
        "the library is asked for the products of each head's query with its keys, and of the weights with "
        "the values, by sgemv; the suite for the softmax between",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 2},
    .kernel = kernel_of<Plan<false>>(refuses),
};

extern const Implementation sgemm_softmax = {
    .idea =
        "the library is asked for the products of the queries that share a cache with its keys, and of "
        "their weights with its values, by sgemm; the suite for the softmax between",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 2},
    .kernel = kernel_of<Plan<true>>(refuses),
};

}  // namespace trilbench::cblas::attention_decode
