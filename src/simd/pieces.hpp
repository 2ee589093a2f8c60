// A register put together from short pieces of memory, one behind the other, and taken apart into them again.
// In registers: pieces that are copied side by side in memory and loaded from there at once make the load
// wait until all of them have reached the cache.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// Pieces of an even number of floats move two at once.
template <int width>
using Chunk = std::conditional_t<width % 2 == 0, double, float>;

template <int width>
using Chunks [[gnu::vector_size(sizeof(Lanes))]] = Chunk<width>;

}  // namespace detail

/// `count` pieces of `width` floats, those at from + start[0], from + start[1], ...; zeros above them.
template <int width, int count>
[[gnu::always_inline]] inline Lanes load_pieces(const float* from, const std::int64_t (&start)[count]) {
  using Chunk = detail::Chunk<width>;
  constexpr int floats = sizeof(Chunk) / sizeof(float);
  static_assert(width * count <= lanes);
  const auto chunk = [&](auto i) __attribute__((always_inline)) {
    Chunk value;
    std::memcpy(&value, from + start[i * floats / width] + i * floats % width, sizeof(Chunk));
    return value;
  };
  return [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    const detail::Chunks<width> all = {chunk(std::integral_constant<int, i>())...};
    return Lanes(reinterpret_cast<typename Lanes::register_type>(all));
  }
  (std::make_integer_sequence<int, width * count / floats>());
}

template <int width, int count>
[[gnu::always_inline]] inline void store_pieces(float* to, const std::int64_t (&start)[count], Lanes v) {
  using Chunk = detail::Chunk<width>;
  constexpr int floats = sizeof(Chunk) / sizeof(float);
  const auto all = reinterpret_cast<detail::Chunks<width>>(static_cast<typename Lanes::register_type>(v));
  unroll<width * count / floats>([&](auto i) {
    const Chunk value = all[int{i}];
    std::memcpy(to + start[i * floats / width] + i * floats % width, &value, sizeof(Chunk));
  });
}

}  // namespace trilbench::TRILBENCH_ISA
