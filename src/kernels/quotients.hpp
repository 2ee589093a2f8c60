// How many pieces something takes, the last one perhaps not whole.
#pragma once

#include <cstdint>

namespace trilbench::TRILBENCH_ISA {

/// n / piece, rounded up.
constexpr std::int64_t quotient_above(std::int64_t n, std::int64_t piece) { return (n + piece - 1) / piece; }

/// n, rounded up to whole pieces.
constexpr std::int64_t multiple_above(std::int64_t n, std::int64_t piece) {
  return quotient_above(n, piece) * piece;
}

}  // namespace trilbench::TRILBENCH_ISA
