// Reads as fast as the machine moves data, without arithmetic: for the limits of operations whose inputs are
// more than their output.
//
// Idea: whole vectors, four a group, each joined with its place of an exclusive or. That costs nothing beside
// the load, no compiler may leave a load out, and a float left out or read twice shows in the result.
#pragma once

#include <cstdint>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

/// The exclusive or of all floats read, when its lanes are joined too.
class Reader {
 public:
  [[gnu::flatten]] void read(const float* from, std::int64_t count) {
    Lanes seen[vectors];
    unroll<vectors>([&](auto i) { seen[i] = seen_[i]; });
    std::int64_t k = 0;
    for (; k + vectors * lanes <= count; k += vectors * lanes)
      unroll<vectors>([&](auto i) { seen[i] = seen[i] ^ load(from + k + i * lanes); });
    for (; k + lanes <= count; k += lanes) seen[0] = seen[0] ^ load(from + k);
    if (k < count) seen[0] = seen[0] ^ load_first(from + k, static_cast<int>(count - k));
    unroll<vectors>([&](auto i) { seen_[i] = seen[i]; });
  }

  /// Rows [first, end) of the lower triangle of a matrix of `rows` rows.
  void read_triangle(const float* from, std::int64_t rows, std::int64_t first, std::int64_t end) {
    for (std::int64_t t = first; t < end; ++t) read(from + t * rows, t + 1);
  }

  Lanes seen() const { return (seen_[0] ^ seen_[1]) ^ (seen_[2] ^ seen_[3]); }

 private:
  static constexpr int vectors = 4;
  Lanes seen_[vectors] = {Lanes(0.0f), Lanes(0.0f), Lanes(0.0f), Lanes(0.0f)};
};

}  // namespace trilbench::TRILBENCH_ISA
