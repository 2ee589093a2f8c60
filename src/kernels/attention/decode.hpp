// y[h] = softmax(scale q[h] K^T) V for one query q[h] a head against a cache of keys K and values V; where
// queries come in groups, those of a group share one cache.
//
// Idea: each cache is read once, for all queries of its group. A tile of keys gives scores, whose
// exponentials weigh the tile's values; what was added up before is scaled where the largest score rises, and
// nowhere else. Numbers of a head lie in lanes, and as many scores as there are lanes are added up in one
// tree. Memory is what is waited for, so it is asked for line after line: for one query key after key; for a
// group tiles of keys lie in registers, and prefetches keep the order. Where whole caches would
// not give every thread as much, each is cut into pieces, whose sums are joined in the end, in their order.
//
// Cost: 4 D flops and an exponential a key and query, each cache once. Roundings: docs/numerics.md.
// On Zen 4 of the limit, one thread: 0.84 to 0.95 with a query a cache, 0.73 to 0.80 with four
// (docs/lab/attention_decode.md).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>

#include "kernels/attention/decode_tiles.hpp"
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/quotients.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct DecodeSizes {
  std::int64_t caches;    // of keys, and as many of values
  std::int64_t group;     // queries of a cache
  std::int64_t keys;      // of a cache that count
  std::int64_t capacity;  // keys from one cache to the next
  std::int64_t columns;   // numbers of a query, a key, a value
};

template <DecodeTuning tuning = DecodeTuning{}>
class AttentionDecode {
 public:
  AttentionDecode(const DecodeSizes& sizes, float scale, int threads, const Caches& caches)
      : sizes_(sizes),
        scale_(scale),
        parts_(threads),
        joined_(threads),
        tiles_(sizes.columns, keys_of_tile(caches), bytes_read() / threads > caches.L2) {
    // As many pieces of each cache as give every thread the same.
    const std::int64_t even = threads / std::gcd(sizes.caches, std::int64_t{threads});
    pieces_ = std::clamp<std::int64_t>(sizes.keys / lanes, 1, even);
  }

  std::size_t scratch_bytes() const {
    const std::int64_t floats =
        parts_.parts() * own_floats() + sums_floats() * (pieces_ == 1 ? parts_.parts() : items());
    return 2 * parts_.bytes() + static_cast<std::size_t>(floats) * sizeof(float);
  }

  void prepare(void* scratch) const {
    const auto cut = [this](std::int64_t count) {
      return [this, count](int part) {
        return part_between(count, part, parts_.parts(), [&](int i) { return count * i / parts_.parts(); });
      };
    };
    parts_.prepare(scratch, cut(items()));
    joined_.prepare(parts_.behind(scratch), cut(sizes_.caches));
  }

  /// q[caches, group, columns], keys and values [caches, capacity, columns].
  void run(const float* const* inputs, float* y, void* scratch) const {
    float* const own = reinterpret_cast<float*>(joined_.behind(parts_.behind(scratch)));
    float* const sums = own + parts_.parts() * own_floats();
    const std::int64_t queries_floats = sizes_.group * sizes_.columns;
    parallel(parts_.parts(), [&](Team team) {
      parts_.each_part(team, scratch, [&](Range items, int part) {
        for (std::int64_t item = items.begin; item < items.end; ++item) {
          const std::int64_t cache = item / pieces_, piece = item % pieces_;
          float* const to = sums + (pieces_ == 1 ? part : item) * sums_floats();
          const Range keys{piece_begin(piece), piece_begin(piece + 1)};
          const std::int64_t at = (cache * sizes_.capacity + keys.begin) * sizes_.columns;
          attend(inputs[0] + cache * queries_floats, inputs[1] + at, inputs[2] + at, keys.size(),
                 own + part * own_floats(), to);
          if (pieces_ == 1) join(to, y + cache * queries_floats);
        }
      });
      if (pieces_ == 1) return;
      team.barrier();
      joined_.each_part(team, parts_.behind(scratch), [&](Range caches, int) {
        for (std::int64_t cache = caches.begin; cache < caches.end; ++cache)
          join(sums + cache * pieces_ * sums_floats(), y + cache * queries_floats);
      });
    });
  }

  /// What was chosen, and why.
  template <class Explanation>
  void explain(Explanation& say) const {
    const Caches caches(say.machine);
    const std::int64_t scores = sizes_.group * tile() * std::int64_t{sizeof(float)};
    say("caches", sizes_.caches, ", each read once for all of its queries, ", sizes_.group);
    const char* const why = tile() >= sizes_.keys          ? "all of a cache"
                            : tile() == tuning.most_keys   ? "the most at once"
                            : tile() == least_keys         ? "the least"
                            : tile() == keys_in_L1(caches) ? "scores fill half an L1"
                                                           : "keys and values fill a half of L2";
    say("tiles", tile(), " keys, ", why, ": their scores are ", say.bytes(scores), " against half an L1, ",
        say.bytes(caches.L1 / 2));
    if (walks_again())
      say("again", "more than ", most_together, " queries walk a tile again: its keys are ",
          say.bytes(tile() * row_bytes()), " against a quarter of L2, ", say.bytes(caches.L2 / 4));
    if (sizes_.group > 1)
      say("prefetches",
          tiles_.prefetches() ? "ahead of keys and values, of which a thread's exceed L2, "
                              : "none, as a thread's keys and values fit L2, ",
          say.bytes(caches.L2));
    const char* const cut =
        items() % parts_.parts() == 0 ? ": every thread has as much" : ": its keys are too few for more";
    say("pieces", pieces_, " of each cache", parts_.parts() > 1 ? cut : "");
    explain_threads(say, parts_.parts(), "nearly equal numbers of pieces of caches");
  }

 private:
  /// Queries of a group that are taken at once, and the keys of a tile where the caches hold fewer.
  static constexpr int most_together = 4;
  static constexpr std::int64_t least_keys = 4 * lanes;

  /// More queries than are taken at once walk the tile's keys and values again, in L2.
  bool walks_again() const { return sizes_.group > most_together; }
  std::int64_t row_bytes() const {
    return multiple_above(sizes_.columns, lanes) * std::int64_t{sizeof(float)};
  }
  std::int64_t bytes_read() const {
    return 2 * sizes_.caches * sizes_.keys * sizes_.columns * std::int64_t{sizeof(float)};
  }
  std::int64_t keys_in_L1(const Caches& caches) const {
    return caches.L1 / 2 / (sizes_.group * std::int64_t{sizeof(float)}) / lanes * lanes;
  }
  std::int64_t keys_in_L2(const Caches& caches) const { return caches.L2 / 4 / row_bytes() / lanes * lanes; }

  /// A stream of keys or values that is left for the other costs a pause: tiles are as long as their scores
  /// stay in L1.
  std::int64_t keys_of_tile(const Caches& caches) const {
    const std::int64_t in_caches =
        walks_again() ? std::min(keys_in_L1(caches), keys_in_L2(caches)) : keys_in_L1(caches);
    return std::min({std::max(in_caches, least_keys), tuning.most_keys, multiple_above(sizes_.keys, lanes)});
  }

  /// Numbers of a query in whole registers; keys of a tile.
  std::int64_t padded() const { return tiles_.padded(); }
  std::int64_t tile() const { return tiles_.keys(); }

  std::int64_t items() const { return sizes_.caches * pieces_; }
  std::int64_t piece_begin(std::int64_t piece) const { return sizes_.keys * piece / pieces_; }

  /// A thread's own: the scaled queries, and the scores of a tile.
  std::int64_t own_floats() const { return sizes_.group * (padded() + tile()); }
  /// What a piece of a cache comes to, for each query: the weighted values' sum; behind them all, the largest
  /// scores; the sums of weights.
  std::int64_t sums_floats() const { return sizes_.group * (padded() + 2) + lanes; }

  /// Calls body(query, std::integral_constant<int, queries>()) for 4, 2 or 1 queries at a time.
  template <class Body>
  [[gnu::always_inline]] void each_queries(const Body& body) const {
    std::int64_t query = 0;
    const auto take = [&](auto together) {
      for (; query + together <= sizes_.group; query += together) body(query, together);
    };
    take(std::integral_constant<int, most_together>());
    take(std::integral_constant<int, 2>());
    take(std::integral_constant<int, 1>());
  }

  /// A piece of one cache, for all its queries.
  void attend(const float* q, const float* k, const float* v, std::int64_t keys, float* own,
              float* sums) const {
    float* const queries = own;
    float* const scores = own + sizes_.group * padded();
    float* const largest = sums + sizes_.group * padded();
    float* const weights = largest + sizes_.group;
    for (std::int64_t query = 0; query < sizes_.group; ++query) {
      for (std::int64_t c = 0; c < padded(); ++c) {
        queries[query * padded() + c] = c < sizes_.columns ? q[query * sizes_.columns + c] * scale_ : 0.0f;
        sums[query * padded() + c] = 0;
      }
      // What no score but minus infinity is below: in a tile of those alone, each weighs nothing.
      largest[query] = std::numeric_limits<float>::lowest();
      weights[query] = 0;
    }
    for (std::int64_t first = 0; first < keys; first += tile()) {
      const std::int64_t count = std::min(tile(), keys - first);
      each_queries([&](std::int64_t query, auto together) {
        tiles_.template score<together>(queries + query * padded(), k + first * sizes_.columns, count,
                                        scores + query * tile());
      });
      for (std::int64_t query = 0; query < sizes_.group; ++query)
        weigh(scores + query * tile(), count, sums + query * padded(), largest + query, weights + query);
      each_queries([&](std::int64_t query, auto together) {
        tiles_.template add_values<together>(scores + query * tile(), v + first * sizes_.columns, count,
                                             sums + query * padded());
      });
    }
  }

  /// From a query's scores to weights; scales what was added up before if the largest score rises.
  [[gnu::flatten]] void weigh(float* scores, std::int64_t count, float* sums, float* largest,
                              float* weights) const {
    const Lanes before(*largest);
    const Lanes now = max(largest_logit(scores, count), before);
    if (first_lane(now) > *largest) {
      const Lanes factor = exp_of_nonpositive(before - now);
      for (std::int64_t c = 0; c < padded(); c += lanes) store(sums + c, load(sums + c) * factor);
      *weights *= first_lane(factor);
      *largest = first_lane(now);
    }
    *weights += first_lane(exponentiate(scores, scores, count, now));
  }

  /// The pieces of a cache, joined in their order, and divided by the sum of all weights.
  [[gnu::flatten]] void join(float* sums, float* y) const {
    for (std::int64_t query = 0; query < sizes_.group; ++query, y += sizes_.columns) {
      float* const values = sums + query * padded();
      const float* const largest = sums + sizes_.group * padded() + query;
      float all = *largest;
      for (std::int64_t piece = 1; piece < pieces_; ++piece)
        all = std::max(all, largest[piece * sums_floats()]);
      float weights = 0;
      for (std::int64_t piece = 0; piece < pieces_; ++piece) {
        const float* const of_piece = largest + piece * sums_floats();
        const Lanes factor = exp_of_nonpositive(Lanes(*of_piece - all));
        weights += of_piece[sizes_.group] * first_lane(factor);
        const float* const more = values + piece * sums_floats();
        for (std::int64_t c = 0; c < padded(); c += lanes)
          store(values + c,
                piece == 0 ? load(values + c) * factor : fma(load(more + c), factor, load(values + c)));
      }
      const Lanes scale(1.0f / weights);
      each_register<1>(
          sizes_.columns, [&](std::int64_t c, auto) { store(y + c, load(values + c) * scale); },
          [&](std::int64_t c, int left) { store_first(y + c, load(values + c) * scale, left); });
    }
  }

  DecodeSizes sizes_;
  float scale_;
  PartTable<Range> parts_, joined_;
  std::int64_t pieces_;        // of a cache
  DecodeTiles<tuning> tiles_;  // of keys whose scores are weighed at once
};

}  // namespace trilbench::TRILBENCH_ISA
