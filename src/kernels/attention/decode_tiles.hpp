// The loops of decoding (decode.hpp) over a tile of keys: scores of a few queries, and the sums of values
// that the weights made of them weigh. Numbers of a head lie in lanes, and as many scores as there are lanes
// are added up in one tree. One query lies in registers, and keys pass one after the other;
// for several, tiles of keys lie in registers, and prefetches keep the order of memory's lines.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/memory/caches.hpp"
#include "kernels/quotients.hpp"
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

/// Of queries, keys and values of `columns` numbers, the latter one after the other.
template <DecodeTuning tuning>
class DecodeTiles {
 public:
  DecodeTiles(std::int64_t columns, std::int64_t keys, bool past_L2)
      : columns_(columns),
        padded_(multiple_above(columns, lanes)),
        keys_(keys),
        // Past L2 only: a prefetch takes as long as a load.
        ahead_(past_L2 ? prefetch_distance_of_keys : 0) {}

  /// Columns in whole registers, as queries and sums have them.
  std::int64_t padded() const { return padded_; }
  /// Of a tile: floats from a query's scores to the next one's.
  std::int64_t keys() const { return keys_; }
  bool prefetches() const { return ahead_ > 0; }

  /// Scores of a few queries with a tile's keys, as many at once as there are lanes. Where fewer keys are
  /// left, the last one takes the others' places.
  template <int queries>
  void score(const float* q, const float* k, std::int64_t count, float* scores) const {
    constexpr int most = tuning.at_hand / 2;
    if constexpr (queries > 1) {
      score_tiles<queries>(q, k, count, scores);
    } else if (columns_ <= most * lanes) {
      with_registers<most>(
          columns_, [&](auto vectors, auto whole) { score_rows<vectors, whole>(q, k, count, scores); });
    } else {
      score_rows<0, false>(q, k, count, scores);
    }
  }

  /// Adds a tile's values, weighed for a few queries.
  template <int queries>
  void add_values(const float* weights, const float* v, std::int64_t count, float* sums) const {
    constexpr int most = std::max(tuning.at_hand / queries, 1);
    for (std::int64_t c = 0; c < columns_; c += most * lanes)
      with_registers<most>(std::min<std::int64_t>(columns_ - c, most * lanes), [&](auto vectors, auto whole) {
        add_block<queries, vectors, whole>(weights, v + c, count, sums + c);
      });
  }

 private:
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

  /// Of one query, key after key. It lies in `vectors` registers; 0: it is too long for that.
  template <int vectors, bool whole>
  [[gnu::flatten]] void score_rows(const float* q, const float* k, std::int64_t count, float* scores) const {
    const std::int64_t columns = columns_;
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
      store(scores + key, sums_of(products));
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
      store(of_queries, score_tile<queries>(q, k + key * columns_, row_of));
      for (int query = 0; query < queries; ++query)
        std::memcpy(scores + query * keys_ + key, of_queries + query * keys, keys * sizeof(float));
    };
    std::int64_t key = 0;
    for (; key + keys <= count; key += keys) put(key, [](std::int64_t i) { return i; });
    if (key < count) put(key, [=](std::int64_t i) { return std::min(i, count - key - 1); });
  }

  /// The score of key i with a query in the query's i-th lane.
  template <int queries, class RowOf>
  [[gnu::always_inline]] Lanes score_tile(const float* q, const float* k, const RowOf& row_of) const {
    constexpr int keys = lanes / queries, abreast = std::min(tuning.keys_abreast, keys);
    const std::int64_t columns = columns_;
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
    return sums_of(products);
  }

  /// In the columns of `vectors` registers.
  template <int queries, int vectors, bool whole>
  [[gnu::flatten]] void add_block(const float* weights, const float* v, std::int64_t count,
                                  float* sums) const {
    constexpr int abreast = std::max(tuning.at_hand / (queries * vectors), 1);
    const std::int64_t columns = columns_;
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
        const Lanes weight(weights[query * keys_ + key]);
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

  std::int64_t columns_, padded_, keys_;
  std::int64_t ahead_;  // the prefetch distance; 0: none
};

}  // namespace trilbench::TRILBENCH_ISA
