// The old names of kernels/parallel.hpp, until nothing includes this.
#pragma once

#include "kernels/parallel.hpp"

namespace trilbench::TRILBENCH_ISA {

using Share = Range;

inline Share share_of_floats(std::int64_t count, int part, int parts) {
  return part_of_floats(count, part, parts);
}

inline std::int64_t triangle_share(std::int64_t batches, std::int64_t rows, int unit, int part, int parts) {
  return part == parts ? batches * rows : part_of_triangles(batches, rows, unit, part, parts).begin;
}

inline std::int64_t masked_rows_share(std::int64_t rows, int unit, double each, int part, int parts) {
  return part == parts ? rows : part_of_masked_rows(rows, unit, each, part, parts).begin;
}

}  // namespace trilbench::TRILBENCH_ISA
