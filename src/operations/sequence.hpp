// The axes of x[B, T, C], by name: what the operations on sequences share.
#pragma once

#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

struct SequenceAxes {
  std::int64_t B, T, C;  // batch, time, channels

  explicit SequenceAxes(const Problem& problem)
      : B(problem.sizes[0]), T(problem.sizes[1]), C(problem.sizes[2]) {}
};

}  // namespace trilbench
