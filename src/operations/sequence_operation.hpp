// What all operations on sequences say alike. A row of their output y[B, T, C] is one (b, t).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "operations/sequence.hpp"
#include "operations/triangle.hpp"
#include "suite/element.hpp"
#include "suite/operation.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::sequence {

inline constexpr const char* axes[] = {"B", "T", "C"};

inline std::int64_t rows(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return B * T;
}

inline std::int64_t columns(const Problem& problem) { return SequenceAxes(problem).C; }

inline std::int64_t times(const Problem& problem) { return SequenceAxes(problem).T; }

inline std::int64_t time_of_row(const Problem& problem, std::int64_t row) { return row % times(problem); }

inline std::int64_t elements_of_x(const Problem& problem) { return rows(problem) * columns(problem); }

/// The terms of the sum behind a row: all of its past, and itself.
inline std::int64_t terms(const Problem& problem, std::int64_t row) { return time_of_row(problem, row) + 1; }

/// Sums do not underflow; each of the t + 1 products may lose half of the smallest denormal.
inline double underflow_of_products(const Problem& problem, std::int64_t row) {
  return static_cast<double>(terms(problem, row)) * smallest_denormal;
}

inline Counts counts(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return {.terms = static_cast<double>(B * C) * triangle_elements(T),
          .outputs = static_cast<double>(elements_of_x(problem)),
          .weights = triangle_elements(T)};
}

inline void change_x_after(const Problem& problem, std::int64_t time, float value, float* x) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b) std::fill(x + (b * T + time + 1) * C, x + (b + 1) * T * C, value);
}

// Fills of x that put numbers into zeros (suite/verify/data.hpp)

/// 2^k at one time of each column.
inline void impulses(std::span<float> x, std::uint32_t round, const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  data::impulses(x.data(), round, B, T, C);
}

inline int impulse_rounds(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return data::impulse_rounds(T, B * C);
}

/// Numbers of one size, so few that a bound for as many additions sees any that is lost.
inline void sparse(std::span<float> x, std::uint32_t round, const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  data::sparse(x.data(), round, B, T, C);
}

inline int sparse_rounds(const Problem& problem) { return data::sparse_rounds(times(problem)); }

/// Additions that round in a row of sparse numbers, whatever the method.
inline double sparse_additions(const Problem& problem, std::int64_t row) {
  return static_cast<double>(time_of_row(problem, row) / data::sparse_stride(times(problem)));
}

}  // namespace trilbench::sequence
