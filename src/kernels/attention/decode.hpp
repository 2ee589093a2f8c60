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
#include <cstring>
#include <limits>
#include <numeric>

#include "kernels/attention/folded_sums.hpp"
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/quotients.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// `from`, which the compiler takes to depend on v: loads from there stay behind those that made v. (One that
/// keeps all of memory in order would keep arrays there that belong in registers.)
inline const float* behind(const Lanes& v, const float* from) {
  asm("" : "+r"(from) : "X"(static_cast<typename Lanes::register_type>(v)));
  return from;
}

}  // namespace detail

/// Floats, of keys and of values.
inline constexpr std::int64_t prefetch_distance_of_keys = 256 * floats_of_line;

struct DecodeTuning {
  int keys_abreast = 4;                    // in registers with a group of queries
  int at_hand = registers >= 32 ? 16 : 8;  // registers for sums of weighted values; half of them for a query
  std::int64_t most_keys = 1 << 14;        // whose scores are weighed at once; a multiple of the lanes
};

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
      : sizes_(sizes), scale_(scale), parts_(threads), joined_(threads) {
    // As many pieces of each cache as give every thread the same.
    const std::int64_t even = threads / std::gcd(sizes.caches, std::int64_t{threads});
    pieces_ = std::clamp<std::int64_t>(sizes.keys / lanes, 1, even);
    padded_ = multiple_above(sizes.columns, lanes);
    // A stream of keys or values that is left for the other costs a pause: tiles are as long as their scores
    // stay in L1.
    const std::int64_t in_caches =
        walks_again() ? std::min(keys_in_L1(caches), keys_in_L2(caches)) : keys_in_L1(caches);
    tile_ = std::min({std::max(in_caches, least_keys), tuning.most_keys, multiple_above(sizes.keys, lanes)});
    // Past L2 only: a prefetch takes as long as a load.
    const std::int64_t bytes = 2 * sizes.caches * sizes.keys * sizes.columns * std::int64_t{sizeof(float)};
    ahead_ = bytes > caches.L2 ? prefetch_distance_of_keys : 0;
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
    const std::int64_t scores = sizes_.group * tile_ * std::int64_t{sizeof(float)};
    say("caches", sizes_.caches, ", each read once for all of its queries, ", sizes_.group);
    const char* const why = tile_ >= sizes_.keys          ? "all of a cache"
                            : tile_ == tuning.most_keys   ? "the most at once"
                            : tile_ == least_keys         ? "the least"
                            : tile_ == keys_in_L1(caches) ? "scores fill half an L1"
                                                          : "keys and values fill a half of L2";
    say("tiles", tile_, " keys, ", why, ": their scores are ", say.bytes(scores), " against half an L1, ",
        say.bytes(caches.L1 / 2));
    if (walks_again())
      say("again", "more than ", most_together, " queries walk a tile again: its keys are ",
          say.bytes(tile_ * row_bytes()), " against a quarter of L2, ", say.bytes(caches.L2 / 4));
    if (sizes_.group > 1)
      say("prefetches",
          ahead_ > 0 ? "ahead of keys and values, which exceed L2, " : "none, as keys and values fit L2, ",
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
  std::int64_t row_bytes() const { return padded_ * std::int64_t{sizeof(float)}; }
  std::int64_t keys_in_L1(const Caches& caches) const {
    return caches.L1 / 2 / (sizes_.group * std::int64_t{sizeof(float)}) / lanes * lanes;
  }
  std::int64_t keys_in_L2(const Caches& caches) const { return caches.L2 / 4 / row_bytes() / lanes * lanes; }

  std::int64_t items() const { return sizes_.caches * pieces_; }
  std::int64_t piece_begin(std::int64_t piece) const { return sizes_.keys * piece / pieces_; }

  /// A thread's own: the scaled queries, and the scores of a tile.
  std::int64_t own_floats() const { return sizes_.group * (padded_ + tile_); }
  /// What a piece of a cache comes to, for each query: the weighted values' sum; behind them all, the largest
  /// scores; the sums of weights.
  std::int64_t sums_floats() const { return sizes_.group * (padded_ + 2) + lanes; }

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
    float* const scores = own + sizes_.group * padded_;
    float* const largest = sums + sizes_.group * padded_;
    float* const weights = largest + sizes_.group;
    for (std::int64_t query = 0; query < sizes_.group; ++query) {
      for (std::int64_t c = 0; c < padded_; ++c) {
        queries[query * padded_ + c] = c < sizes_.columns ? q[query * sizes_.columns + c] * scale_ : 0.0f;
        sums[query * padded_ + c] = 0;
      }
      // What no score but minus infinity is below: in a tile of those alone, each weighs nothing.
      largest[query] = std::numeric_limits<float>::lowest();
      weights[query] = 0;
    }
    for (std::int64_t first = 0; first < keys; first += tile_) {
      const std::int64_t count = std::min(tile_, keys - first);
      each_queries([&](std::int64_t query, auto together) {
        score<together>(queries + query * padded_, k + first * sizes_.columns, count, scores + query * tile_);
      });
      for (std::int64_t query = 0; query < sizes_.group; ++query)
        weigh(scores + query * tile_, count, sums + query * padded_, largest + query, weights + query);
      each_queries([&](std::int64_t query, auto together) {
        add_values<together>(scores + query * tile_, v + first * sizes_.columns, count,
                             sums + query * padded_);
      });
    }
  }

  /// Calls body(vectors, whole) with constants: the registers that so many columns take, at most `most`;
  /// whether the last one is full.
  template <int most, class Body>
  [[gnu::always_inline]] void with_registers(std::int64_t columns, const Body& body) const {
    with_constant<most>(quotient_above(columns, lanes), [&](auto vectors) {
      columns == vectors* lanes ? body(vectors, std::true_type()) : body(vectors, std::false_type());
    });
  }

  template <bool cut>
  static Lanes load_some(const float* from, int left) {
    if constexpr (cut) return load_first(from, left);
    return load(from);
  }

  /// Scores of a few queries with a tile's keys, as many at once as there are lanes. Where fewer keys are
  /// left, the last one takes the others' places.
  template <int queries>
  void score(const float* q, const float* k, std::int64_t count, float* scores) const {
    constexpr int most = tuning.at_hand / 2;
    const std::int64_t columns = sizes_.columns;
    if constexpr (queries > 1) {
      score_tiles<queries>(q, k, count, scores);
    } else if (columns <= most * lanes) {
      with_registers<most>(
          columns, [&](auto vectors, auto whole) { score_rows<vectors, whole>(q, k, count, scores); });
    } else {
      score_rows<0, false>(q, k, count, scores);
    }
  }

  /// Of one query, key after key. It lies in `vectors` registers; 0: it is too long for that.
  template <int vectors, bool whole>
  [[gnu::flatten]] void score_rows(const float* q, const float* k, std::int64_t count, float* scores) const {
    const std::int64_t columns = sizes_.columns;
    const auto left = static_cast<int>(columns - (padded_ - lanes));
    Lanes query[std::max(vectors, 1)];
    unroll<vectors>([&](auto i) { query[i] = load(q + i * lanes); });
    const auto product = [&](const float* row) __attribute__((always_inline)) {
      Lanes sum(0.0f);
      if constexpr (vectors > 0) {
        unroll<vectors>([&](auto i) {
          constexpr bool cut = !whole && i + 1 == vectors;
          sum = fma(load_some<cut>(row + i * lanes, left), query[i], sum);
        });
      } else {
        each_register<1>(
            columns, [&](std::int64_t c, auto) { sum = fma(load(row + c), load(q + c), sum); },
            [&](std::int64_t c, int rest) { sum = fma(load_first(row + c, rest), load(q + c), sum); });
      }
      return sum;
    };
    // The compiler would take two rows in turn, and with lines in an order of which the hardware's prefetcher
    // makes nothing memory gives half as much.
    const auto put = [&](std::int64_t key, const auto& row_of) __attribute__((always_inline)) {
      Lanes products[lanes];
      unroll<lanes>([&](auto i) {
        const float* const row = k + row_of(key + i) * columns;
        products[i] = product(i == 0 ? row : detail::behind(products[std::max(i - 1, 0)], row));
      });
      store(scores + key, folded_sums(products));
    };
    std::int64_t key = 0;
    for (; key + lanes <= count; key += lanes) put(key, [](std::int64_t i) { return i; });
    if (key < count) put(key, [=](std::int64_t i) { return std::min(i, count - 1); });
  }

  /// Of several queries: as many products at once as there are lanes.
  template <int queries>
  [[gnu::flatten]] void score_tiles(const float* q, const float* k, std::int64_t count, float* scores) const {
    constexpr int keys = lanes / queries;
    const auto put = [&](std::int64_t key, const auto& row_of) __attribute__((always_inline)) {
      float of_queries[lanes];
      store(of_queries, score_tile<queries>(q, k + key * sizes_.columns, row_of));
      for (int query = 0; query < queries; ++query)
        std::memcpy(scores + query * tile_ + key, of_queries + query * keys, keys * sizeof(float));
    };
    std::int64_t key = 0;
    for (; key + keys <= count; key += keys) put(key, [](std::int64_t i) { return i; });
    if (key < count) put(key, [=](std::int64_t i) { return std::min(i, count - key - 1); });
  }

  /// The score of key i with a query in the query's i-th lane.
  template <int queries, class RowOf>
  [[gnu::always_inline]] Lanes score_tile(const float* q, const float* k, const RowOf& row_of) const {
    constexpr int keys = lanes / queries, abreast = std::min(tuning.keys_abreast, keys);
    const std::int64_t columns = sizes_.columns;
    Lanes products[lanes];
    unroll<keys / abreast>([&](auto block) {
      const float* row[abreast];
      unroll<abreast>([&](auto i) { row[i] = k + row_of(block * abreast + i) * columns; });
      const float* ahead = row[0] + ahead_;
      Lanes product[queries][abreast];
      unroll<queries>([&](auto query) { unroll<abreast>([&](auto i) { product[query][i] = Lanes(0.0f); }); });
      const auto add = [&](std::int64_t c, auto cut, int left) {
        Lanes numbers[abreast];
        unroll<abreast>([&](auto i) {
          if (ahead_ > 0) __builtin_prefetch(ahead + i * lanes, 0, into_L2);
          numbers[i] = load_some<cut>(row[i] + c, left);
        });
        ahead += abreast * lanes;
        unroll<queries>([&](auto query) {
          const Lanes of_query = load(q + query * padded_ + c);
          unroll<abreast>([&](auto i) { product[query][i] = fma(numbers[i], of_query, product[query][i]); });
        });
      };
      each_register<1>(
          columns, [&](std::int64_t c, auto) { add(c, std::false_type(), 0); },
          [&](std::int64_t c, int left) { add(c, std::true_type(), left); });
      unroll<queries>([&](auto query) {
        unroll<abreast>([&](auto i) { products[query * keys + block * abreast + i] = product[query][i]; });
      });
    });
    return folded_sums(products);
  }

  /// From a query's scores to weights; scales what was added up before if the largest score rises.
  [[gnu::flatten]] void weigh(float* scores, std::int64_t count, float* sums, float* largest,
                              float* weights) const {
    const Lanes before(*largest);
    const Lanes now = max(largest_logit(scores, count), before);
    if (first_lane(now) > *largest) {
      const Lanes factor = exp_of_nonpositive(before - now);
      for (std::int64_t c = 0; c < padded_; c += lanes) store(sums + c, load(sums + c) * factor);
      *weights *= first_lane(factor);
      *largest = first_lane(now);
    }
    *weights += first_lane(exponentiate(scores, scores, count, now));
  }

  /// Adds a tile's values, weighed for a few queries.
  template <int queries>
  void add_values(const float* weights, const float* v, std::int64_t count, float* sums) const {
    constexpr int most = std::max(tuning.at_hand / queries, 1);
    for (std::int64_t c = 0; c < sizes_.columns; c += most * lanes)
      with_registers<most>(std::min<std::int64_t>(sizes_.columns - c, most * lanes),
                           [&](auto vectors, auto whole) {
                             add_block<queries, vectors, whole>(weights, v + c, count, sums + c);
                           });
  }

  /// In the columns of `vectors` registers.
  template <int queries, int vectors, bool whole>
  [[gnu::flatten]] void add_block(const float* weights, const float* v, std::int64_t count,
                                  float* sums) const {
    constexpr int abreast = std::max(tuning.at_hand / (queries * vectors), 1);
    const std::int64_t columns = sizes_.columns;
    const auto left = static_cast<int>(columns - (padded_ - lanes));
    Lanes sum[abreast][queries][vectors];
    unroll<queries>([&](auto query) {
      unroll<vectors>([&](auto i) { sum[0][query][i] = load(sums + query * padded_ + i * lanes); });
    });
    unroll<abreast - 1>([&](auto other) {
      unroll<queries>(
          [&](auto query) { unroll<vectors>([&](auto i) { sum[other + 1][query][i] = Lanes(0.0f); }); });
    });
    const auto add = [&](std::int64_t key, auto place) {
      Lanes value[vectors];
      unroll<vectors>([&](auto i) {
        constexpr bool cut = !whole && i + 1 == vectors;
        const float* const from = v + key * columns + i * lanes;
        if constexpr (queries > 1)
          if (ahead_ > 0) __builtin_prefetch(from + ahead_, 0, into_L2);
        value[i] = load_some<cut>(from, left);
      });
      unroll<queries>([&](auto query) {
        const Lanes weight(weights[query * tile_ + key]);
        unroll<vectors>([&](auto i) { sum[place][query][i] = fma(weight, value[i], sum[place][query][i]); });
      });
    };
    std::int64_t key = 0;
    for (; key + abreast <= count; key += abreast)
      unroll<abreast>([&](auto place) { add(key + place, place); });
    for (; key < count; ++key) add(key, std::integral_constant<int, 0>());
    unroll<queries>([&](auto query) {
      unroll<vectors>([&](auto i) {
        unroll<abreast - 1>(
            [&](auto other) { sum[0][query][i] = sum[0][query][i] + sum[other + 1][query][i]; });
        store(sums + query * padded_ + i * lanes, sum[0][query][i]);
      });
    });
  }

  /// The pieces of a cache, joined in their order, and divided by the sum of all weights.
  [[gnu::flatten]] void join(float* sums, float* y) const {
    for (std::int64_t query = 0; query < sizes_.group; ++query, y += sizes_.columns) {
      float* const values = sums + query * padded_;
      const float* const largest = sums + sizes_.group * padded_ + query;
      float all = *largest;
      for (std::int64_t piece = 1; piece < pieces_; ++piece)
        all = std::max(all, largest[piece * sums_floats()]);
      float weights = 0;
      for (std::int64_t piece = 0; piece < pieces_; ++piece) {
        const float* const of_piece = largest + piece * sums_floats();
        const Lanes factor = exp_of_nonpositive(Lanes(*of_piece - all));
        weights += of_piece[sizes_.group] * first_lane(factor);
        const float* const more = values + piece * sums_floats();
        for (std::int64_t c = 0; c < padded_; c += lanes)
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
  std::int64_t pieces_;  // of a cache
  std::int64_t padded_;  // numbers of a query, in whole registers
  std::int64_t tile_;    // keys whose scores are weighed at once
  std::int64_t ahead_;   // the prefetch distance; 0: none
};

}  // namespace trilbench::TRILBENCH_ISA
