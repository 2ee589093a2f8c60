// y[h] = softmax(scale q[h] K^T) V for one query q[h] a head against a cache of keys K and values V; where
// queries come in groups, those of a group share one cache.
//
// Idea: the caches are read once, for all queries of their group: a tile of keys gives scores, their
// exponentials weigh the tile's values, and the next tile carries the largest score on: what was added up is
// scaled where that rises, and nowhere else. Numbers of a head lie in lanes, of keys and values alike; as
// many scores as there are lanes are added up together, in one tree. Where there are fewer caches than
// threads, each is cut into pieces, whose sums are joined in the end, in their order.
//
// Cost: 4 D flops a key and query, an exponential, and the caches once. Roundings: docs/numerics.md.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>

#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

struct DecodeTuning {
  int keys_abreast = 4;                         // whose products with a query are under way at once
  int accumulators = registers >= 32 ? 16 : 8;  // of weighted values
  std::int64_t most_keys = 256;                 // of a tile
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
  AttentionDecode(const DecodeSizes& sizes, float scale, int threads, const Caches&)
      : sizes_(sizes), scale_(scale), parts_(threads), joined_(threads) {
    // As many pieces of each cache as give every thread the same.
    const std::int64_t even = threads / std::gcd(sizes.caches, std::int64_t{threads});
    pieces_ = std::clamp<std::int64_t>(sizes.keys / lanes, 1, even);
    padded_ = whole_registers(sizes.columns);
    tile_ = std::min(tuning.most_keys, whole_registers(sizes.keys));
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

 private:
  static constexpr std::int64_t whole_registers(std::int64_t floats) {
    return (floats + lanes - 1) / lanes * lanes;
  }

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
    for (; query + 4 <= sizes_.group; query += 4) body(query, std::integral_constant<int, 4>());
    if (query + 2 <= sizes_.group) {
      body(query, std::integral_constant<int, 2>());
      query += 2;
    }
    if (query < sizes_.group) body(query, std::integral_constant<int, 1>());
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

  /// Scores of a few queries with a tile's keys.
  template <int queries>
  void score(const float* q, const float* k, std::int64_t count, float* scores) const {
    constexpr int keys = lanes / queries;
    std::int64_t key = 0;
    for (; key + keys <= count; key += keys)
      score_block<queries, true>(q, k + key * sizes_.columns, keys, scores + key);
    if (key < count) score_block<queries, false>(q, k + key * sizes_.columns, count - key, scores + key);
  }

  /// As many scores as there are lanes. Where not all keys are there, the last takes the others' places.
  template <int queries, bool whole>
  [[gnu::flatten]] void score_block(const float* q, const float* k, std::int64_t there, float* scores) const {
    constexpr int keys = lanes / queries, abreast = std::min(tuning.keys_abreast, keys);
    const std::int64_t columns = sizes_.columns;
    Lanes products[lanes];
    unroll<keys / abreast>([&](auto block) {
      const float* row[abreast];
      unroll<abreast>([&](auto i) {
        constexpr int key = block * abreast + i;
        row[i] = k + (whole ? key : std::min<std::int64_t>(key, there - 1)) * columns;
      });
      const auto product = [&](auto query, auto i) -> Lanes& {
        return products[query * keys + block * abreast + i];
      };
      unroll<queries>([&](auto query) { unroll<abreast>([&](auto i) { product(query, i) = Lanes(0.0f); }); });
      const auto add = [&](std::int64_t c, const auto& load_key) {
        Lanes numbers[abreast];
        unroll<abreast>([&](auto i) { numbers[i] = load_key(row[i] + c); });
        unroll<queries>([&](auto query) {
          const Lanes of_query = load(q + query * padded_ + c);
          unroll<abreast>([&](auto i) { product(query, i) = fma(numbers[i], of_query, product(query, i)); });
        });
      };
      each_register<1>(
          columns, [&](std::int64_t c, auto) { add(c, [](const float* from) { return load(from); }); },
          [&](std::int64_t c, int left) {
            add(c, [left](const float* from) { return load_first(from, left); });
          });
    });
    const Lanes sums = sums_of(products);
    if constexpr (queries == 1) {
      store(scores, sums);
    } else {
      float of_queries[lanes];
      store(of_queries, sums);
      for (int query = 0; query < queries; ++query)
        std::memcpy(scores + query * tile_, of_queries + query * keys, keys * sizeof(float));
    }
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
    constexpr int most = std::max(tuning.accumulators / queries, 1);
    for (std::int64_t c = 0; c < sizes_.columns; c += most * lanes) {
      const std::int64_t columns = std::min<std::int64_t>(sizes_.columns - c, most * lanes);
      with_constant<most>((columns + lanes - 1) / lanes, [&](auto vectors) {
        if (columns == vectors * lanes) {
          add_block<queries, vectors, true>(weights, v + c, count, sums + c, lanes);
        } else {
          add_block<queries, vectors, false>(weights, v + c, count, sums + c,
                                             static_cast<int>(columns - (vectors - 1) * lanes));
        }
      });
    }
  }

  /// The columns of `vectors` registers, of which the last has `left`.
  template <int queries, int vectors, bool whole>
  [[gnu::flatten]] void add_block(const float* weights, const float* v, std::int64_t count, float* sums,
                                  int left) const {
    constexpr int abreast = std::max(tuning.accumulators / (queries * vectors), 1);
    const std::int64_t columns = sizes_.columns;
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
        const float* const from = v + key * columns + i * lanes;
        value[i] = whole || i + 1 < vectors ? load(from) : load_first(from, left);
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
  std::int64_t tile_;    // keys
};

}  // namespace trilbench::TRILBENCH_ISA
