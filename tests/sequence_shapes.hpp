// Shapes BxTxC for the operations on sequences.
#pragma once

#include <random>

#include "operation_tests.hpp"

namespace trilbench {

using Sizes = std::vector<std::int64_t>;

/// All short sequences of few channels, or every other one of them.
inline Shapes short_sequences(int every = 1) {
  Shapes shapes;
  for (std::int64_t T = 1; T <= 17; ++T)
    for (const std::int64_t C : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17})
      if ((T + C) % every == 0) shapes.push_back(shape_of({1 + (T + C) % 3, T, C}));
  return shapes;
}

/// Every size of either axis, beside a random one of the other.
inline Shapes beside_each_other(const Sizes& T, const Sizes& C) {
  std::mt19937 engine(3);
  const auto one_of = [&engine](const Sizes& sizes) { return sizes[engine() % sizes.size()]; };
  Shapes shapes;
  for (const std::int64_t t : T) shapes.push_back(shape_of({one_of({1, 2, 3}), t, one_of(C)}));
  for (const std::int64_t c : C) shapes.push_back(shape_of({one_of({1, 2, 3}), one_of(T), c}));
  return shapes;
}

inline const Shapes many_channels_or_batches{"1x1x10007", "2x3x1025", "1x130x515",
                                             "3001x1x1",  "515x3x2",  "130x17x9"};

// Of operations that also take weights W[T, T], whose cost grows with the square of T

inline std::vector<Edge> edges_of_weighted(std::int64_t size) {
  return edges_of_axes(3, size, [](const long double* n) { return 2 * n[0] * n[1] * n[2] + n[1] * n[1]; });
}

inline const Shapes weighted_of_each_kind{"1x1x1", "2x17x5", "1x33x17", "3x65x1", "1x66x33"};

inline Shapes beside_widths_and_tiles() {
  return beside_each_other(
      {23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 95, 97, 127, 128, 129},
      {6, 11, 12, 13, 23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 79, 81, 95, 96, 97, 127, 129, 257});
}

inline const Shapes for_several_threads{"1x1x1", "1x2x17", "2x7x5", "5x33x2", "3x97x65"};

}  // namespace trilbench
