// An output against its float64 reference, element by element.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "suite/implementation.hpp"
#include "suite/operation.hpp"

namespace trilbench {

/// The element that fits its bound worst.
struct Worst {
  double error_over_bound = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;
  float got = 0;
  double expected = 0;
};

/// The number of roundings that the bound allows in an output row: the least of what the operation, the
/// implementation and the data promise.
double roundings_allowed(const Operation& operation, const Implementation& row, const Problem& problem,
                         std::int64_t output_row, const Fill* data = nullptr);

/// Compares the given output rows with the float64 reference. `data` names the fill that the inputs came
/// from, which may promise fewer roundings, or the rounded reference's bits (a difference there counts as an
/// infinite error).
Worst compare(const Operation& operation, const Implementation& row, const Problem& problem,
              const float* const* inputs, const float* output, std::span<const std::int64_t> rows,
              const Fill* data = nullptr);

/// All output rows, or at most `count` of them chosen by `seed` (the first and the last always among them),
/// ascending.
std::vector<std::int64_t> sample_rows(const Operation& operation, const Problem& problem, std::int64_t count,
                                      std::uint32_t seed);

}  // namespace trilbench
