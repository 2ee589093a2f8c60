// Reads as fast as the machine moves data, without arithmetic: for the limits of operations whose inputs are
// more than their output.
//
// Idea: whole vectors, four a group, each joined with its place of an exclusive or. That costs nothing beside
// the load, no compiler may leave a load out, and a float left out or read twice shows in the result.
#pragma once

#include <cstdint>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// `seen`, joined with `count` floats: lane by lane an exclusive or of some of them; all lanes joined, of
/// all.
[[gnu::flatten]] inline Lanes read_floats(const float* from, std::int64_t count, Lanes seen) {
  if (count < lanes) return count > 0 ? seen ^ load_first(from, static_cast<int>(count)) : seen;
  Lanes v[] = {seen, Lanes(0.0f), Lanes(0.0f), Lanes(0.0f)};
  each_register<4>(
      count, [&](std::int64_t k, auto i) { v[i] = v[i] ^ load(from + k); },
      [&](std::int64_t k, int left) { v[0] = v[0] ^ load_first(from + k, left); });
  return (v[0] ^ v[1]) ^ (v[2] ^ v[3]);
}

/// The same with rows [first, end) of the lower triangle of a matrix of `rows` rows.
inline Lanes read_triangle(const float* from, std::int64_t rows, std::int64_t first, std::int64_t end,
                           Lanes seen) {
  for (std::int64_t t = first; t < end; ++t) seen = read_floats(from + t * rows, t + 1, seen);
  return seen;
}

}  // namespace trilbench::TRILBENCH_ISA
