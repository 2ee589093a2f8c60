// What operations with triangles say alike.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

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

/// T of all of W[T, T].
inline std::int64_t side_of(std::span<const float> W) {
  return std::llround(std::sqrt(static_cast<double>(W.size())));
}

/// Calls body(t, past, future) for every row of W[T, T]: what it has up to the diagonal, and above.
template <class Body>
void each_row(std::span<float> W, const Body& body) {
  const auto T = static_cast<std::size_t>(side_of(W));
  for (std::size_t t = 0; t < T; ++t)
    body(static_cast<std::int64_t>(t), W.subspan(t * T, t + 1), W.subspan(t * T + t + 1, T - t - 1));
}

/// The rows after `time`, and everything above the diagonal: no position has it in its past.
inline void change_rows_after(std::int64_t time, float value, std::span<float> W) {
  each_row(W, [&](std::int64_t t, std::span<float> past, std::span<float> future) {
    if (t > time) std::ranges::fill(past, value);
    std::ranges::fill(future, value);
  });
}

}  // namespace trilbench
