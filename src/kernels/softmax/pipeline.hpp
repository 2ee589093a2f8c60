// Rows of a causal softmax, four of them under way at once: for long rows, which move through the caches.
//
// Idea: while row t is exponentiated into a buffer, row t - 1 is written from its buffer, normalised, with
// the zeros behind it, the largest logit of row t + 1 is sought, which brings that row into L1, and row t + 3
// is prefetched into L2. So loads and stores overlap with the arithmetic, and no reduction is waited for. An
// iteration takes four registers of exponentials and as many stores as are due: a row is T floats to write,
// but only t + 1 to exponentiate.
//
// Cost: W's triangle and all of P once through the caches; the two buffers stay in L1.
//
// Figures, AVX-512, one thread, ns per element of the triangle at T = 1024, 2048, 4096: Sapphire Rapids 0.47,
// 0.44, 0.48 to 0.53 (0.96, 0.99, 0.90 to 0.97 of the traffic's limit); Zen 5 0.16, 0.13, 0.19; Zen 4 0.24,
// 0.24, 0.42. What was tried: docs/lab/causal_softmax.md.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/memory/caches.hpp"
#include "kernels/memory/copy.hpp"
#include "kernels/parallel.hpp"
#include "kernels/quotients.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// A row of P, written piece by piece: exponentials normalised, then zeros.
template <Stores stores>
class RowOfP {
 public:
  /// Behind the `count` exponentials there must be a register to read.
  RowOfP(const float* exponentials, std::int64_t count, const Normaliser& normalised, float* p,
         std::int64_t T)
      : exponentials_(exponentials), count_(count), normalised_(normalised), p_(p), T_(T) {
    if constexpr (stores == Stores::streaming)
      for (const std::int64_t head = std::min(floats_to_line(p), T); at_ < head;)
        write_first(std::min<std::int64_t>(head - at_, lanes));
  }

  /// Writes whole registers until `end` floats or more are written, or less than a register is left.
  [[gnu::always_inline]] void write_to(std::int64_t end) {
    const std::int64_t last = std::min(end, T_ - lanes + 1);  // no register begins here or later
    for (; at_ < last && at_ + lanes <= count_; at_ += lanes) put(normalised_(load(exponentials_ + at_)));
    if (at_ < last && at_ < count_) {
      put(at_diagonal());
      at_ += lanes;
    }
    for (; at_ < last && at_ >= count_; at_ += lanes) put(Lanes(0.0f));
  }

  void finish() {
    write_to(T_);
    if (at_ < T_) write_first(T_ - at_);
  }

 private:
  Lanes at_diagonal() const {
    const auto left = static_cast<int>(std::clamp<std::int64_t>(count_ - at_, 0, lanes));
    return left == 0 ? Lanes(0.0f) : with_rest(normalised_(load(exponentials_ + at_)), left, Lanes(0.0f));
  }

  void put(Lanes v) {
    if constexpr (stores == Stores::streaming) {
      stream(p_ + at_, v);
    } else {
      __builtin_prefetch(p_ + at_ + prefetch_distance_of_rows, 1);
      store(p_ + at_, v);
    }
  }

  void write_first(std::int64_t floats) {
    store_first(p_ + at_, at_diagonal(), static_cast<int>(floats));
    at_ += floats;
  }

  const float* exponentials_;
  std::int64_t count_;
  Normaliser normalised_;
  float* p_;
  std::int64_t T_;
  std::int64_t at_ = 0;
};

}  // namespace detail

/// The floats of a buffer for softmax_pipeline.
inline std::int64_t softmax_pipeline_floats(std::int64_t T) {
  return 2 * (quotient_above(T, floats_of_line) + 1) * floats_of_line;
}

/// The rows of a range of P = softmax(mask(W)). Streaming stores are left unfenced.
template <Stores stores>
[[gnu::flatten]] void softmax_pipeline(const float* W, float* P, std::int64_t T, Range range, float* buffer) {
  constexpr int vectors = 4;
  constexpr std::int64_t step = vectors * lanes;
  const auto [begin, end] = range;
  if (begin == end) return;
  float* weights = buffer;
  float* weights_before = buffer + softmax_pipeline_floats(T) / 2;
  const auto row_of_W = [=, end = end](std::int64_t t) { return W + std::min(t, end - 1) * T; };
  const auto logits_of = [=, end = end](std::int64_t t) { return std::min(t, end - 1) + 1; };
  Lanes m = largest_logit(row_of_W(begin), logits_of(begin));
  Lanes next_m = largest_logit(row_of_W(begin + 1), logits_of(begin + 1));
  // The first row is exponentiated with nothing to write.
  Normaliser normalised(first_lane(exponentiate(row_of_W(begin), weights_before, begin + 1, m)));
  for (std::int64_t t = begin + 1; t < end; ++t) {
    m = next_m;
    detail::RowOfP<stores> row(weights_before, t, normalised, P + (t - 1) * T, T);
    const float* const logits = W + t * T;
    const float* const ahead = row_of_W(t + 1);
    Lanes largest[vectors], sums[vectors];
    unroll<vectors>([&](auto i) {
      largest[i] = detail::minus_infinity();
      sums[i] = Lanes(0.0f);
    });
    const std::int64_t iterations = (t + 1) / step;
    const std::int64_t due_each = iterations > 0 ? quotient_above(T, iterations) : 0;
    std::int64_t k = 0;
    for (std::int64_t due = due_each; k + step <= t + 1; k += step, due += due_each) {
      unroll<vectors>([&](auto i) {
        const std::int64_t at = k + i * lanes;
        const Lanes weight = exp_of_nonpositive(load(logits + at) - m);
        store(weights + at, weight);
        sums[i] = sums[i] + weight;
        largest[i] = max(load(ahead + at), largest[i]);
        if constexpr (i * lanes % floats_of_line == 0) __builtin_prefetch(ahead + 2 * T + at, 0, into_L2);
      });
      row.write_to(due);
    }
    const Lanes rest = exponentiate(logits + k, weights + k, t + 1 - k, m);
    const Lanes rest_ahead = largest_logit(ahead + k, logits_of(t + 1) - k);
    row.finish();
    normalised = Normaliser(first_lane(rest + sum_of((sums[0] + sums[1]) + (sums[2] + sums[3]))));
    next_m = max(rest_ahead, max_of(max(max(largest[0], largest[1]), max(largest[2], largest[3]))));
    std::swap(weights, weights_before);
  }
  detail::RowOfP<stores>(weights_before, end, normalised, P + (end - 1) * T, T).finish();
}

}  // namespace trilbench::TRILBENCH_ISA
