// The left factor of a triangular product: given, or in a plan's own memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trilbench::TRILBENCH_ISA {

/// W, whose rows are `stride` >= rows floats apart, and, if the product scales, what each
/// row of it is multiplied with in the end.
struct Triangle {
  const float* W;
  std::int64_t stride;
  const float* scale = nullptr;
};

/// A triangle that a plan lays out itself, at the head of memory that is aligned to 64.
struct OwnTriangle {
  std::int64_t rows;

  /// Floats from one row to the next: an odd number of cache lines, so that the elements of a column spread
  /// over all sets of L1.
  std::int64_t stride() const { return ((rows + 15) / 16 | 1) * 16; }

  /// A multiple of 64.
  std::size_t bytes() const { return static_cast<std::size_t>(rows * stride()) * sizeof(float); }
  std::byte* behind(void* memory) const { return static_cast<std::byte*>(memory) + bytes(); }

  float* row(void* memory, std::int64_t t) const { return static_cast<float*>(memory) + t * stride(); }
  Triangle in(const void* memory) const { return {static_cast<const float*>(memory), stride()}; }
};

}  // namespace trilbench::TRILBENCH_ISA
