// Contiguous shares of an array, one for each part of the work.
#pragma once

#include <algorithm>
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

}  // namespace trilbench::TRILBENCH_ISA
