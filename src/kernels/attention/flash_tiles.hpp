// The loops of flash attention (flash.hpp), over a block of queries, which lie in lanes, and a tile of keys:
// scores, weights in their place, and sums of values. The first and the last are register tiles: `keys` by
// some vectors of queries, whose elements of K are broadcast, and some queries by some vectors of values,
// whose weights are. K and V are read where they lie.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "kernels/memory/caches.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// The sizes of tiles. Registers: the accumulators, the vectors that they are made of, a broadcast and,
/// without fused multiply-adds, a product.
struct FlashTuning {
  int accumulators = registers == 32 ? 24 : lanes >= 8 ? 12 : 9;
  int query_vectors = 3;                                         // of a block
  int value_vectors = registers == 32 ? 4 : lanes >= 8 ? 2 : 3;  // of a tile of sums
  int most_keys = 128;                                           // whose weights are made at once

  constexpr int queries() const { return query_vectors * lanes; }
  constexpr int keys() const { return accumulators / query_vectors; }
  /// Queries of a tile of sums, so many that a block is whole tiles.
  constexpr int rows(int width) const {
    int rows = std::min(accumulators / width, 12);
    while (queries() % rows != 0) --rows;
    return rows;
  }
};

/// Where queries are masked: of a key and the queries of vector j those before `before` + key - j lanes.
struct Diagonal {
  std::int64_t before;
  std::int64_t keys;  // that there are: the last stands for those behind it
};

/// scores[i * stride + query] = k[i] times a query, of `keys` keys and `width` vectors of queries, which are
/// packed [d][query]. The largest of each query is kept in `largest`. Meanwhile as many floats as were read
/// of k are prefetched from `ahead`, a line every other step: on Zen 4 most of many at once are dropped; and
/// into L2 from `values_ahead`, where it is not nullptr.
template <int keys, int width, bool diagonal>
[[gnu::flatten]] void score_keys(const float* packed, std::int64_t stride, const float* k, std::int64_t D,
                                 const float* ahead, const float* values_ahead, Lanes* largest, float* scores,
                                 Diagonal at) {
  const float* key[keys];
  unroll<keys>([&](auto i) { key[i] = k + (diagonal ? std::min<std::int64_t>(i, at.keys - 1) : i) * D; });
  Lanes s[keys][width];
  unroll<keys>([&](auto i) { unroll<width>([&](auto j) { s[i][j] = Lanes(0.0f); }); });
  for (std::int64_t d = 0; d < D; ++d, packed += stride) {
    __builtin_prefetch(ahead + d * keys);
    if (values_ahead) __builtin_prefetch(values_ahead + d * keys, 0, into_L2);
    Lanes q[width];
    unroll<width>([&](auto j) { q[j] = load(packed + j * lanes); });
    unroll<keys>([&](auto i) {
      const Lanes element(key[i][d]);
      unroll<width>([&](auto j) { s[i][j] = fma(element, q[j], s[i][j]); });
    });
  }
  Lanes m[width];
  unroll<width>([&](auto j) { m[j] = largest[j]; });
  unroll<keys>([&](auto i) {
    unroll<width>([&](auto j) {
      if constexpr (diagonal) {
        const auto masked = static_cast<int>(std::clamp<std::int64_t>(at.before + i - j * lanes, 0, lanes));
        s[i][j] = with_rest(Lanes(-std::numeric_limits<float>::infinity()), masked, s[i][j]);
      }
      m[j] = max(s[i][j], m[j]);  // NaN is passed over: it will be in the sum
      store(scores + i * stride + j * lanes, s[i][j]);
    });
  });
  unroll<width>([&](auto j) { largest[j] = m[j]; });
}

/// From scores of `keys` keys to weights, which are added to the sums.
template <int width>
[[gnu::flatten]] void weigh_keys(float* scores, std::int64_t stride, std::int64_t keys, const Lanes* largest,
                                 Lanes* sums) {
  Lanes m[width], sum[width];
  unroll<width>([&](auto j) {
    m[j] = largest[j];
    sum[j] = sums[j];
  });
  for (; keys > 0; --keys, scores += stride)
    unroll<width>([&](auto j) {
      const Lanes weight = exp2_of_nonpositive(load(scores + j * lanes) - m[j]);
      store(scores + j * lanes, weight);
      sum[j] = sum[j] + weight;
    });
  unroll<width>([&](auto j) { sums[j] = sum[j]; });
}

/// What is added to the sums of a block's queries: values, times weights.
struct WeighedValues {
  const float* weights;  // [key][query]
  std::int64_t weights_row;
  const float* values;  // [key][d]
  std::int64_t D;
  float* sums;  // [query][d], a row of whole vectors
  std::int64_t sums_row;
  std::int64_t last;  // where the last vector of values begins; if they are narrow, their number
  std::int64_t keys;  // on the diagonal those before the first query, which has one more
  int queries;
  bool first = true;                  // nothing is in sums
  const float* factor = nullptr;      // of what is in sums, by query; nullptr: 1
  float* y = nullptr;                 // on the diagonal, where the sums go in the end,
  const float* reciprocal = nullptr;  // times the reciprocals of the queries' sums of weights
};

namespace detail {

/// Of `rows` queries from `row` on.
template <int rows, int width, bool narrow, bool diagonal>
[[gnu::flatten]] void add_to_rows(const WeighedValues& all, int row) {
  const std::int64_t D = all.D, last = all.last, weights_row = all.weights_row, sums_row = all.sums_row;
  const auto offset = [&](auto v) { return v == width - 1 ? last : v * lanes; };
  float* const sums = all.sums + row * sums_row;
  Lanes sum[rows][width];
  const auto each = [&](const auto& body) {
    unroll<rows>([&](auto r) { unroll<width>([&](auto v) { body(r, v); }); });
  };
  if (all.first) {
    each([&](auto r, auto v) { sum[r][v] = Lanes(0.0f); });
  } else {
    each([&](auto r, auto v) { sum[r][v] = load(sums + r * sums_row + v * lanes); });
    if (all.factor)
      unroll<rows>([&](auto r) {
        const Lanes factor(all.factor[row + r]);
        unroll<width>([&](auto v) { sum[r][v] = sum[r][v] * factor; });
      });
  }
  const float* weights = all.weights + row;
  const float* values = all.values;
  const auto add_key = [&](auto first_row) {
    Lanes value[width];
    unroll<width>([&](auto v) {
      value[v] = narrow ? load_first(values, static_cast<int>(last)) : load(values + offset(v));
    });
    unroll<rows>([&](auto r) {
      if constexpr (r >= first_row) {
        const Lanes weight(weights[r]);
        unroll<width>([&](auto v) { sum[r][v] = fma(weight, value[v], sum[r][v]); });
      }
    });
    weights += weights_row;
    values += D;
  };
  for (std::int64_t k = diagonal ? all.keys + row : all.keys; k > 0; --k)
    add_key(std::integral_constant<int, 0>());
  if constexpr (!diagonal) {
    each([&](auto r, auto v) { store(sums + r * sums_row + v * lanes, sum[r][v]); });
    return;
  }
  unroll<rows>(add_key);  // row i has i + 1 keys more
  unroll<rows>([&](auto r) {
    const Lanes reciprocal(all.reciprocal[row + r]);
    float* const y = all.y + (row + r) * D;
    unroll<width>([&](auto v) {
      if constexpr (narrow) {
        store_first(y, sum[r][v] * reciprocal, static_cast<int>(last));
      } else {
        store(y + offset(v), sum[r][v] * reciprocal);
      }
    });
  });
}

}  // namespace detail

/// Adds to `width` vectors of all sums. On the diagonal query i takes i + 1 keys more, and the sums are
/// finished.
template <int rows, int width, bool narrow, bool diagonal>
void add_values(const WeighedValues& all) {
  int row = 0;
  for (; row + rows <= all.queries; row += rows) detail::add_to_rows<rows, width, narrow, diagonal>(all, row);
  if constexpr (diagonal)  // elsewhere blocks are whole
    for (; row < all.queries; ++row) detail::add_to_rows<1, width, narrow, diagonal>(all, row);
}

}  // namespace trilbench::TRILBENCH_ISA
