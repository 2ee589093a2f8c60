// What the parts of src/simd/ write: each result's numbers follow those of the one before it.
#pragma once

namespace trilbench::simd_part {

/// Of three numbers a, b, c in each lane.
enum class OfLanes { sum, difference, product, quotient, fused, larger };
inline constexpr int results_of_lanes = 6;

/// Of one register; `first_three` are its first three lanes loaded and stored alone, `rest_of_ones` the same
/// with ones above them, `count` how many lanes there are.
enum class OfRegister {
  sum,
  largest,
  moved_up,
  repeated,
  first_halves,
  sums_of_halves,
  first_three,
  rest_of_ones,
  count
};
inline constexpr int results_of_register = 9;

}  // namespace trilbench::simd_part
