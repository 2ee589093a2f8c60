// Contiguous shares of an array or of triangles, one for each part of the work.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/caches.hpp"

namespace trilbench::TRILBENCH_ISA {

struct Share {
  std::int64_t begin;
  std::int64_t end;

  std::int64_t size() const { return end - begin; }
};

/// The `part`-th of `parts` nearly equal shares of `count` floats. They meet at multiples of 64 bytes, so
/// that no two threads write to one line of an aligned array.
inline Share share_of_floats(std::int64_t count, int part, int parts) {
  constexpr std::int64_t line = floats_of_line;
  const std::int64_t lines = (count + line - 1) / line;
  return {std::min(lines * part / parts * line, count), std::min(lines * (part + 1) / parts * line, count)};
}

/// Where the `part`-th of `parts` pieces of equal area begins, among `batches` triangles of `rows` rows laid
/// end to end, as an index of a row: batch * rows + row. A triangle cut at half its rows would be split 25 to
/// 75.
inline std::int64_t triangle_share(std::int64_t batches, std::int64_t rows, int unit, int part, int parts) {
  if (part == 0) return 0;  // the root below takes as long as a small product
  if (part == parts) return batches * rows;
  const double area = 0.5 * static_cast<double>(rows) * static_cast<double>(rows + 1);
  const double before = area * static_cast<double>(batches) * part / parts;
  const auto batch = static_cast<std::int64_t>(before / area);
  const double within = before - area * static_cast<double>(batch);
  const auto row = static_cast<std::int64_t>((std::sqrt(8 * within + 1) - 1) / 2);
  return batch * rows + std::min(rows, (row + unit / 2) / unit * unit);
}

/// Where the `part`-th of `parts` pieces begins, among the rows of a matrix whose lower triangle is worked on
/// and whose other half is only cleared; a multiple of `unit`. Whatever stands in it, an element of a row
/// costs `each`, in units of what one of the triangle costs on top.
inline std::int64_t masked_rows_share(std::int64_t rows, int unit, double each, int part, int parts) {
  if (part == parts) return rows;
  // n (n / 2 + each rows) is the cost of the first n rows.
  const double n = std::sqrt(each * each + (1 + 2 * each) * part / parts) - each;
  return static_cast<std::int64_t>(n * static_cast<double>(rows)) / unit * unit;
}

}  // namespace trilbench::TRILBENCH_ISA
