// From the exponentials of a row to its weights: each times the reciprocal of their sum, and 0 where that
// would be denormal.
//
// Arithmetic that takes or gives a denormal number stops many CPUs for a hundred cycles and more, in a row of
// weights and in every product with them (docs/numerics.md, "Denormal weights"). The bound lets what is below
// 2^-126 be 0. So no such weight is computed: exponentials are compared before they are multiplied.
//
// Cost: a comparison and, without masks, a logical operation for each weight.
#pragma once

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

class Normaliser {
 public:
  Normaliser() = default;

  /// Of a row with this sum of exponentials, which is at least 1, or NaN. The least that stays leaves room
  /// for the roundings of both factors.
  explicit Normaliser(float sum) : share_(1.0f / sum), least_(0x1.000004p-126f * sum) {}

  Lanes operator()(Lanes exponentials) const {
    return zero_below(exponentials, exponentials, least_) * share_;
  }

 private:
  Lanes share_, least_;
};

}  // namespace trilbench::TRILBENCH_ISA
