// What operations with triangles say alike.
#pragma once

#include <cstdint>

#include "suite/element.hpp"

namespace trilbench {

/// Elements on and below the diagonal of a matrix [T, T].
inline double triangle_elements(std::int64_t T) {
  return static_cast<double>(T) * static_cast<double>(T + 1) / 2;
}

/// Why no method takes rows of more than 2^24 terms: a larger number of them is rounded, and with it the
/// divisor.
inline const char* refuses_uncountable(std::int64_t T) {
  return T > most_counted ? "T > 2^24: a float32 cannot count the terms" : nullptr;
}

}  // namespace trilbench
