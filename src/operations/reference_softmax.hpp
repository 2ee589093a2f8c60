// The softmax of a row of logits in float64, and what its error bound is made of (docs/numerics.md).
#pragma once

#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace trilbench {

/// The weights, their logits' distances from the largest, and the mean of those distances. What has no weight
/// has no distance either. The power of a NaN, or of an infinity that is the largest, is NaN: so is the sum,
/// and every weight.
struct ReferenceSoftmax {
  std::vector<double> weight, distance;
  double mean_distance = 0;

  template <class Logit>
  explicit ReferenceSoftmax(std::span<const Logit> logits) : weight(logits.size()), distance(logits.size()) {
    double largest = -std::numeric_limits<double>::infinity();
    for (const double logit : logits)
      if (!(logit <= largest)) largest = logit;
    double sum = 0;
    for (std::size_t k = 0; k < logits.size(); ++k) sum += weight[k] = std::exp(logits[k] - largest);
    for (std::size_t k = 0; k < logits.size(); ++k) {
      weight[k] /= sum;
      if (weight[k] > 0) distance[k] = largest - logits[k];
      mean_distance += weight[k] * distance[k];
    }
  }
};

}  // namespace trilbench
