// What a query makes of keys and values, in float64, and what its error bound is made of (docs/numerics.md).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "operations/attention.hpp"
#include "operations/reference_softmax.hpp"
#include "suite/element.hpp"
#include "suite/verify/compare.hpp"

namespace trilbench {

// Of a weight's exponential five, t additions, six for each eight keys after which a sum is scaled because a
// maximum rose, eight where lanes meet in the end; the same of the sum of weights; a reciprocal, the product
// with it and the product with v.
inline double attention_roundings(double terms) { return 3.5 * terms + 26; }

// Sums do not underflow; each of the products with v, and the one with the reciprocal, may lose half of the
// smallest denormal.
inline double attention_underflow(std::int64_t terms) {
  return static_cast<double>(terms + 1) * smallest_denormal;
}

/// The scaled products of a query with keys[count, D], and by how much each may be off, in units of u.
struct ReferenceLogits {
  std::vector<double> value, error;

  ReferenceLogits(const float* q, const float* keys, std::int64_t count, std::int64_t D)
      : value(count), error(count) {
    const double scale = attention_scale(D), growth = error_growth(static_cast<double>(D + 2));
    for (std::int64_t j = 0; j < count; ++j, keys += D) {
      double sum = 0, size = 0;
      for (std::int64_t d = 0; d < D; ++d) {
        const double key = keys[d];
        sum += q[d] * key;
        size += (std::abs(double{q[d]}) + smallest_normal) * std::abs(key);
      }
      value[j] = scale * sum;
      error[j] = scale * size * growth;
    }
  }
};

/// value = sum of softmax(q . keys / sqrt(D))[j] values[j], and M. What the logits are off by does not grow
/// with the number of terms: M holds it as a share of the roundings that the bound multiplies M with.
inline void reference_attention(const float* q, const float* keys, const float* values, std::int64_t count,
                                std::int64_t D, double* value, double* magnitude) {
  const ReferenceLogits logits(q, keys, count, D);
  const ReferenceSoftmax P(std::span<const double>(logits.value));
  std::vector<double> rise(count);  // of a weight with its logit's error: relative to it, in units of u
  double left = 0, mean_rise = 0;
  for (std::int64_t j = 0; j < count; ++j) {
    if (!(P.weight[j] > 0)) continue;
    rise[j] = std::expm1(unit_roundoff * (3 * P.distance[j] + logits.error[j])) / unit_roundoff;
    left += P.weight[j] / (1 + unit_roundoff * rise[j]);
    mean_rise += P.weight[j] * rise[j];
  }
  const double part = 1 / (left * attention_roundings(static_cast<double>(count)));
  // An exponential below 2^-125 may be taken for zero. That costs as much as the values are large.
  constexpr double flushed = 2 * smallest_normal / unit_roundoff;
  std::fill_n(value, D, 0.0);
  std::fill_n(magnitude, D, 0.0);
  for (std::int64_t j = 0; j < count; ++j, values += D) {
    const double weight = P.weight[j], scale = weight * (1 + part * rise[j]) + flushed;
    for (std::int64_t d = 0; d < D; ++d) {
      value[d] += weight * values[d];
      magnitude[d] += scale * std::abs(double{values[d]});
    }
  }
  for (std::int64_t d = 0; d < D; ++d)
    magnitude[d] += std::abs(value[d]) * (part * mean_rise + static_cast<double>(count) * flushed);
}

}  // namespace trilbench
