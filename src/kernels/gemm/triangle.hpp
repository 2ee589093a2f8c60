// The left factor of a triangular product.
#pragma once

#include <cstdint>

namespace trilbench::TRILBENCH_ISA {

/// W, whose rows are `stride` >= rows floats apart, and, if the product scales, what each
/// row of it is multiplied with in the end.
struct Triangle {
  const float* W;
  std::int64_t stride;
  const float* scale = nullptr;
};

/// Floats from one row of W to the next, for those who lay it out: an odd number of cache lines, so that the
/// elements of a column spread over all sets of L1.
inline std::int64_t triangle_stride(std::int64_t rows) { return ((rows + 15) / 16 | 1) * 16; }

}  // namespace trilbench::TRILBENCH_ISA
