// Causal attention without the triangle of weights: y = softmax(mask(q k^T / sqrt(D))) v.
//
// Idea: a block of queries lies in lanes, scaled by log2(e) / sqrt(D) as it is packed, so that weights are
// powers of 2 and nothing goes across lanes (flash_tiles.hpp). It meets its past in tiles of keys; where a
// tile raises a maximum, what was summed before is scaled down. Keys end at the diagonal, to a vector of
// scores and to the key of sums: nothing of the future is multiplied, not even by 0. The first block is the
// one that is not whole: it has the shortest past.
//
// Cost: B H T (T + 1) / 2 times 4 D flops and an exponential of 6 to 7 operations of the multiply-add pipes:
// the roof is 2 D / (2 D + 6) of the FMA peak, 0.955 at D = 64. Memory: O(D) a thread. Roundings:
// docs/numerics.md. Of the FMA peak at D = 64, T = 64, 512, 2048, one thread: AVX-512 0.68, 0.88, 0.89, AVX2
// 0.64, 0.84, 0.84 on Zen 4; AVX-512 0.61, 0.85, 0.88 on Emerald Rapids (docs/lab/causal_attention.md).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/attention/flash_tiles.hpp"
#include "kernels/attention/packed_queries.hpp"
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/quotients.hpp"

namespace trilbench::TRILBENCH_ISA {

/// The plan for q and y[heads, T, D], k and v[heads / group, T, D].
template <FlashTuning tuning = FlashTuning{}>
class FlashAttention {
 public:
  FlashAttention(std::int64_t heads, std::int64_t group, std::int64_t T, std::int64_t D, int threads,
                 const Caches& caches)
      : heads_(heads),
        group_(group),
        T_(T),
        D_(D),
        threads_(threads),
        blocks_(quotient_above(T, queries)),
        vectors_(quotient_above(D, lanes)),
        strips_(quotient_above(vectors_, tuning.value_vectors)),
        values_far_(caches.far_last_level && head_bytes() > caches.L2),
        scale_(static_cast<float>(1.4426950408889634 / std::sqrt(static_cast<double>(D)))) {
    for (const bool wider : {false, true}) {
      add_[wider] = adder<false>(vectors_ / strips_ + wider);
      finish_[wider] = adder<true>(vectors_ / strips_ + wider);
    }
  }

  std::size_t scratch_bytes() const {
    return static_cast<std::size_t>(threads_ * floats_of_part()) * sizeof(float);
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    parallel(threads_, [&](Team team) {
      team.each_part(threads_, [&](int part) {
        float* const own = static_cast<float*>(scratch) + part * floats_of_part();
        // Heavy blocks first, dealt out to and fro: the first of a round is the last of the next.
        bool back = false;
        for (std::int64_t i = 0; i < heads_ * blocks_; i += threads_, back = !back) {
          const std::int64_t block = i + (back ? threads_ - 1 - part : part);
          if (block >= heads_ * blocks_) break;
          const std::int64_t next = std::min(i + 2 * threads_ - 1 - block % threads_, heads_ * blocks_ - 1);
          attend(inputs, y, block, inputs[0] + first_query(next) * D_, own);
        }
      });
    });
  }

  /// What was chosen, and why.
  template <class Explanation>
  void explain(Explanation& say) const {
    const auto widest = static_cast<int>(quotient_above(vectors_, strips_));
    say("queries", blocks_, " blocks of ", queries, " a head, ", tuning.query_vectors, " vectors of ", lanes,
        " floats, packed; heads of keys serve ", group_);
    say("scores", "tiles of ", keys, " keys x ", tuning.query_vectors, " vectors of queries, up to ",
        tuning.most_keys, " keys between rescales");
    say("values", D_ < lanes ? "a part of a vector, " : "where they lie, ", strips_, " strips of up to ",
        widest, " vectors, ", tuning.rows(widest), " queries a tile");
    const Caches caches(say.machine);
    say("prefetches", values_far_ ? "keys and values" : "keys alone", ": the four arrays of a head are ",
        say.bytes(head_bytes()), " against L2, ", say.bytes(caches.L2), "; the last level is ",
        caches.far_last_level ? "far" : "near");
    explain_threads(say, threads_, "blocks of all heads dealt out to and fro, heavy ones first");
  }

 private:
  static constexpr int queries = tuning.queries(), keys = tuning.keys();
  // On the diagonal are a block's keys and those that fill no tile of scores before and behind them.
  static constexpr int most_weights = std::max(tuning.most_keys, queries + 2 * keys);
  using Add = void (*)(const WeighedValues&);

  /// Of a block, in registers as they go.
  struct Softmax {
    Lanes largest[tuning.query_vectors];
    Lanes sum[tuning.query_vectors];
  };

  template <bool diagonal>
  Add adder(std::int64_t width) const {
    if (D_ < lanes) return add_values<tuning.rows(1), 1, true, diagonal>;
    return with_constant<tuning.value_vectors>(
        width, [](auto w) -> Add { return add_values<tuning.rows(w), decltype(w)::value, false, diagonal>; });
  }

  /// The packed queries, their weights, their sums, and two numbers of each; then a gap, without which, or
  /// with half of it, the second of two threads took up to 1.19 times as long on Zen 4.
  std::int64_t floats_of_part() const {
    constexpr std::int64_t gap = 4096;
    return queries * (D_ + most_weights + vectors_ * lanes + 2) + gap;
  }

  /// Of q, k, v and y.
  std::int64_t head_bytes() const { return 4 * T_ * D_ * std::int64_t{sizeof(float)}; }

  /// Blocks are numbered head by head, in each of them backwards.
  std::int64_t first_query(std::int64_t block) const {
    return block / blocks_ * T_ + std::max<std::int64_t>(T_ - (block % blocks_ + 1) * queries, 0);
  }

  void attend(const float* const* inputs, float* y, std::int64_t block, const float* next_queries,
              float* packed) const {
    const std::int64_t head = block / blocks_, first = first_query(block) - head * T_;
    const auto count = static_cast<int>(T_ - block % blocks_ * queries - first);
    const std::int64_t own = (head * T_ + first) * D_, past = head / group_ * T_ * D_;
    for (int i = 0; i < count; i += lanes)
      pack_queries(inputs[0] + own + i * D_, D_, std::min(count - i, lanes), scale_, packed + i, queries);
    float* const weights = packed + queries * D_;
    float* const sums = weights + queries * most_weights;
    const WeighedValues values{.weights = weights,
                               .weights_row = queries,
                               .values = inputs[2] + past,
                               .D = D_,
                               .sums = sums,
                               .sums_row = vectors_ * lanes,
                               .last = 0,
                               .keys = 0,
                               .queries = count,
                               .y = y + own};
    with_constant<tuning.query_vectors>(quotient_above(count, lanes), [&](auto width) {
      attend_packed<width>(packed, inputs[1] + past, first, next_queries, values, weights,
                           sums + queries * vectors_ * lanes);
    });
  }

  /// `factor` has room for two numbers of each query.
  template <int width>
  void attend_packed(const float* packed, const float* k, std::int64_t first, const float* next_queries,
                     WeighedValues values, float* weights, float* factor) const {
    Softmax softmax;
    // Finite, so that a tile of -infinity does no harm. A logit that is less is -infinity.
    std::fill_n(softmax.largest, width, Lanes(std::numeric_limits<float>::lowest()));
    std::fill_n(softmax.sum, width, Lanes(0.0f));
    const std::int64_t past = first / keys;  // tiles of scores
    const std::int64_t tiles = quotient_above(past, tuning.most_keys / keys);
    std::int64_t begin = 0;
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t end = past * (tile + 1) / tiles * keys;
      const Softmax before = softmax;
      for (std::int64_t i = begin; i < end; i += keys)
        score_keys<keys, width, false>(packed, queries, k + i * D_, D_, k + (i + keys) * D_,
                                       values_far_ ? values.values + (i - begin) * D_ : nullptr,
                                       softmax.largest, weights + (i - begin) * queries, {});
      values.factor = rescale<width>(before, softmax, factor) ? factor : nullptr;
      weigh_keys<width>(weights, queries, end - begin, softmax.largest, softmax.sum);
      values.keys = end - begin;
      add_strips(values, add_);
      values.values += (end - begin) * D_;
      values.first = false;
      begin = end;
    }

    const Softmax before = softmax;
    // Calls body(key, vector, width) for tiles of scores, from the first vector that does not lie before
    // them.
    const auto each_tile = [&](const auto& body) {
      for (std::int64_t i = begin; i < first + values.queries; i += keys) {
        const std::int64_t vector = std::max<std::int64_t>(i - first, 0) / lanes;
        with_constant<width>(width - vector, [&](auto rest) {
          body(i, vector, weights + (i - begin) * queries + vector * lanes, rest);
        });
      }
    };
    each_tile([&](std::int64_t i, std::int64_t vector, float* scores, auto rest) {
      score_keys<keys, rest, true>(packed + vector * lanes, queries, k + i * D_, D_,
                                   next_queries + (i - begin) * D_, nullptr, softmax.largest + vector, scores,
                                   {.before = i - first - vector * lanes, .keys = T_ - i});
    });
    values.factor = rescale<width>(before, softmax, factor) ? factor : nullptr;
    each_tile([&](std::int64_t, std::int64_t vector, float* scores, auto rest) {
      weigh_keys<rest>(scores, queries, keys, softmax.largest + vector, softmax.sum + vector);
    });
    float* const reciprocal = factor + queries;
    for (int j = 0; j < width; ++j) store(reciprocal + j * lanes, divide(Lanes(1.0f), softmax.sum[j]));
    values.reciprocal = reciprocal;
    values.keys = first - begin;
    add_strips(values, finish_);
  }

  /// Whether a maximum moved: then what was summed before is to be multiplied with the factor.
  template <int width>
  static bool rescale(const Softmax& before, Softmax& softmax, float* factor) {
    Lanes moved(0.0f);
    for (int j = 0; j < width; ++j) moved = moved + (softmax.largest[j] - before.largest[j]);
    if (first_lane(sum_of(moved)) == 0) return false;
    for (int j = 0; j < width; ++j) {
      const Lanes scale = exp2_of_nonpositive(before.largest[j] - softmax.largest[j]);
      store(factor + j * lanes, scale);
      softmax.sum[j] = softmax.sum[j] * scale;
    }
    return true;
  }

  /// Strips of nearly equal width, the last of which are the wider.
  void add_strips(WeighedValues values, const Add (&add)[2]) const {
    const std::int64_t width = vectors_ / strips_, narrower = strips_ - vectors_ % strips_;
    for (std::int64_t strip = 0, d = 0; strip < strips_; ++strip) {
      const bool wider = strip >= narrower;
      values.last = D_ < lanes ? D_ : std::min((width + wider - 1) * lanes, D_ - lanes - d);
      add[wider](values);
      const std::int64_t step = (width + wider) * lanes;
      d += step;
      values.values += step;
      values.sums += step;
      values.y += step;
    }
  }

  std::int64_t heads_, group_, T_, D_;
  int threads_;
  std::int64_t blocks_;   // of queries
  std::int64_t vectors_;  // of a row of values
  std::int64_t strips_;   // of them
  bool values_far_;       // keys and values come from a far cache for each block: values are prefetched too
  float scale_;           // log2(e) / sqrt(D)
  Add add_[2], finish_[2];
};

}  // namespace trilbench::TRILBENCH_ISA
