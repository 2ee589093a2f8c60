// Rows of a causal softmax, several abreast: for short rows, whose latencies cost as much as their
// arithmetic.
//
// Idea: rows that begin at a multiple of their number end in the same register of columns, so they go through
// one loop with one exit: a reduction, a division or a mispredicted branch of one row is hidden behind the
// others'. The register with the diagonal stays where it is between the passes. Between these, the weights
// lie in P itself, which a band of short rows leaves in L1. The shortest rows share a register.
//
// Cost: that of each row alone (row_softmax.hpp).
//
// Figures, one thread, ns per element of the triangle at T = 8, 64, 256, 512: Zen 4 at 3.7 GHz 0.9, 0.36,
// 0.28, 0.28 with AVX-512, 1.1, 0.43, 0.35, 0.36 with AVX2. What was tried: docs/lab/causal_softmax.md.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/parallel.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// Rows [first, first + rows) of P = softmax(mask(W)), which end in one register of columns, as `first` is a
/// multiple of `rows`. `in_first`: that register is the first, and there is nothing to do before it.
template <int rows, bool in_first>
[[gnu::flatten]] inline void softmax_rows_abreast(const float* W, float* P, std::int64_t T,
                                                  std::int64_t first) {
  static_assert(lanes % rows == 0);
  const std::int64_t diagonal = in_first ? 0 : first & -lanes;  // where the register with it begins
  const auto width = static_cast<int>(std::min<std::int64_t>(T - diagonal, lanes));
  const Lanes zero(0.0f);
  const float* w[rows];
  float* p[rows];
  int count[rows];  // logits of the diagonal's register
  Lanes m[rows], at_diagonal[rows];
  unroll<rows>([&](auto i) {
    w[i] = W + (first + i) * T;
    p[i] = P + (first + i) * T;
    count[i] = static_cast<int>(first + i + 1 - diagonal);
    at_diagonal[i] = detail::load_logits(w[i] + diagonal, count[i]);
    m[i] = at_diagonal[i];
  });
  for (std::int64_t k = 0; k < diagonal; k += lanes)
    unroll<rows>([&](auto i) { m[i] = max(load(w[i] + k), m[i]); });

  Lanes sum[rows];
  unroll<rows>([&](auto i) {
    m[i] = max_of(m[i]);
    sum[i] = at_diagonal[i] = exp_of_nonpositive(at_diagonal[i] - m[i]);
  });
  for (std::int64_t k = 0; k < diagonal; k += lanes)
    unroll<rows>([&](auto i) {
      const Lanes weight = exp_of_nonpositive(load(w[i] + k) - m[i]);
      store(p[i] + k, weight);
      sum[i] = sum[i] + weight;
    });

  Normaliser normalised[rows];
  unroll<rows>([&](auto i) { normalised[i] = Normaliser(first_lane(sum_of(sum[i]))); });
  const Lanes clear = opaque(zero);  // or the compiler makes calls of memset of the loop
  std::int64_t k = diagonal + lanes;
  if (T - k >= floats_of_memset) {
    unroll<rows>([&](auto i) { clear_row(p[i] + k, T - k); });
    k = T;
  }
  for (; k + lanes <= T; k += lanes) unroll<rows>([&](auto i) { store(p[i] + k, clear); });
  if (k < T) unroll<rows>([&](auto i) { store_first(p[i] + k, clear, static_cast<int>(T - k)); });
  for (k = 0; k < diagonal; k += lanes)
    unroll<rows>([&](auto i) { store(p[i] + k, normalised[i](load(p[i] + k))); });
  unroll<rows>([&](auto i) {
    const Lanes weights = with_rest(normalised[i](at_diagonal[i]), count[i], zero);
    if (width == lanes) {
      store(p[i] + diagonal, weights);
    } else {
      store_first(p[i] + diagonal, weights, width);
    }
  });
}

/// Up to lanes / 2 rows no longer than that, two in a register. Those behind the last repeat it.
[[gnu::flatten]] inline void softmax_in_halves(const float* W, float* P, std::int64_t T, Range range) {
  constexpr int rows = lanes / 2, pairs = rows / 2;
  const auto larger = [](Lanes a, Lanes b) { return max(a, b); };
  const auto sum = [](Lanes a, Lanes b) { return a + b; };
  const auto row = [&](int r) { return std::min(range.begin + r, range.end - 1); };
  const auto count = [&](int r) { return static_cast<int>(row(r) + 1); };
  const auto logits_of = [&](int r) { return detail::load_logits(W + row(r) * T, count(r)); };
  Lanes weights[pairs];
  unroll<pairs>([&](auto i) { weights[i] = first_halves(logits_of(2 * i), logits_of(2 * i + 1)); });
  unroll<pairs>(
      [&](auto i) { weights[i] = exp_of_nonpositive(weights[i] - combined_in_halves(weights[i], larger)); });
  unroll<pairs>([&](auto i) { weights[i] = Normaliser(combined_in_halves(weights[i], sum))(weights[i]); });
  unroll<rows>([&](auto r) {
    const Lanes of_row = r % 2 == 0 ? weights[r / 2] : repeat<rows, rows>(weights[r / 2]);
    store_first(P + row(r) * T, with_rest(of_row, count(r), Lanes(0.0f)), static_cast<int>(T));
  });
}

/// The rows of a range that begins at a multiple of `rows`.
template <int rows>
void softmax_abreast(const float* W, float* P, std::int64_t T, Range range) {
  constexpr int short_rows = std::min(2 * rows, lanes);  // they need fewer registers
  const std::int64_t end_of_short = std::min<std::int64_t>(range.end, lanes);
  std::int64_t t = range.begin;
  if constexpr (lanes / 2 > rows)
    if (T <= lanes / 2 && range.size() > rows) return softmax_in_halves(W, P, T, range);
  for (; t + short_rows <= end_of_short; t += short_rows) softmax_rows_abreast<short_rows, true>(W, P, T, t);
  for (; t + rows <= end_of_short; t += rows) softmax_rows_abreast<rows, true>(W, P, T, t);
  for (; t + rows <= range.end; t += rows) softmax_rows_abreast<rows, false>(W, P, T, t);
  for (; t < range.end; ++t) softmax_rows_abreast<1, false>(W, P, T, t);
}

}  // namespace trilbench::TRILBENCH_ISA
