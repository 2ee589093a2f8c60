// Compulsory traffic as data: what an operation must read and write, whatever its method. One probe moves it
// (operations/machine/), so that no operation writes a probe of its own.
#pragma once

#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

enum class Movement : std::int64_t {
  none,
  read,           // `count` elements of an input
  read_triangle,  // of an input of `count` rows and columns, what is on and below the diagonal
  copy,           // `count` elements of an input, to the output
  copy_triangle,  // the lower triangle of an input of `count` rows and columns; zeros above it
  fill,           // the `count` elements of the output, whatever is written
};

struct Transfer {
  Movement movement = Movement::none;
  std::int64_t input = 0;
  std::int64_t count = 0;
};

/// In the order of the methods.
struct Traffic {
  static constexpr int most = 4;
  Transfer transfers[most];
};

/// The bytes read and written.
double bytes_of(const Traffic& traffic);

/// A probe's problem: the traffic in place of sizes.
Problem probe_problem(const Traffic& traffic, int threads);

/// The traffic of a probe's problem.
inline Traffic traffic_of(const Problem& probe) {
  static_assert(max_sizes == 3 * Traffic::most);
  Traffic traffic;
  for (int i = 0; i < Traffic::most; ++i)
    traffic.transfers[i] = {static_cast<Movement>(probe.sizes[3 * i]), probe.sizes[3 * i + 1],
                            probe.sizes[3 * i + 2]};
  return traffic;
}

}  // namespace trilbench
