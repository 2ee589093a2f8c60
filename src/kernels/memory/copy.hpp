// Copies, masked copies and fills as fast as the machine moves data: what a kernel that reads each byte once
// and writes each byte once cannot beat.
//
// Idea: whole vectors, in groups that begin with a line of the output. Ordinary stores go two lines a group,
// plainly or with the output's lines prefetched: past L1 some CPUs gain by that and others lose, so a limit
// tries both. Streaming (non-temporal) stores bypass the caches and spare the reading of the output's lines;
// they go a line a group, and the input's lines are prefetched into L2. The rows of a triangle are read up to
// the diagonal, so that the hardware's prefetcher meets a gap in each: but for plain stores, the line two
// rows ahead is prefetched.
//
// Cost: 8 bytes an element; past the caches 12 with ordinary stores. What was tried: docs/lab/copy.md.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/memory/caches.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

enum class Stores { ordinary, prefetched, streaming };

/// Streaming stores take whole vectors that begin with a register's boundary; `stream_fence` ends a series.
template <Stores stores>
void put(float* to, Lanes v) {
  if constexpr (stores == Stores::streaming) {
    stream(to, v);
  } else {
    store(to, v);
  }
}

namespace detail {

inline constexpr std::int64_t prefetch_distance_of_loads = 32 * floats_of_line;

inline constexpr int vectors_of_line = floats_of_line / lanes;

/// Copies one group: all loads, then all stores. (Where a lambda does nothing but prefetch, g++ 12 drops the
/// call.)
template <Stores stores, int vectors>
[[gnu::flatten]] inline void copy_group(float* to, const float* from) {
  Lanes v[vectors];
  unroll<vectors>([&](auto i) {
    if constexpr (stores == Stores::streaming && i * lanes % floats_of_line == 0)
      __builtin_prefetch(from + i * lanes + prefetch_distance_of_loads, 0, into_L2);
    if constexpr (stores == Stores::prefetched && i * lanes % floats_of_line == 0)
      __builtin_prefetch(to + i * lanes + prefetch_distance_of_stores);
    v[i] = load(from + i * lanes);
  });
  unroll<vectors>([&](auto i) { put<stores>(to + i * lanes, v[i]); });
}

/// The ends of a copy, a vector at a time.
inline void copy_end(float* to, const float* from, std::int64_t count) {
  // A masked store of nothing would still take the line behind the end from the thread that writes there.
  each_register<1>(
      count, [&](std::int64_t k, auto) { store(to + k, load(from + k)); },
      [&](std::int64_t k, int left) { store_first(to + k, load_first(from + k, left), left); });
}

}  // namespace detail

/// Copies `count` floats that do not overlap. Streaming stores are left unfenced, here and below.
template <Stores stores>
[[gnu::flatten]] inline void copy_floats(float* to, const float* from, std::int64_t count) {
  constexpr int vectors = detail::vectors_of_line * (stores == Stores::streaming ? 1 : 2);
  constexpr std::int64_t stride = vectors * lanes;
  // Of less than a group, to find where a line begins takes longer than its stores.
  std::int64_t i = count < stride ? 0 : floats_to_line(to);
  detail::copy_end(to, from, i);
  for (; i + stride <= count; i += stride) detail::copy_group<stores, vectors>(to + i, from + i);
  detail::copy_end(to + i, from + i, count - i);
}

/// Copies `count` floats of a row of `all` and clears the rest. The next row of both lies `all` floats on.
/// `room` floats may be written, since those behind the row are written later: a whole store is faster than a
/// part of one.
template <Stores stores>
[[gnu::flatten]] inline void copy_masked_row(float* to, const float* from, std::int64_t count,
                                             std::int64_t all, std::int64_t room) {
  const auto prefetch = [&](std::int64_t i) {
    if constexpr (stores == Stores::prefetched) __builtin_prefetch(to + i + prefetch_distance_of_rows, 1);
  };
  const auto put_some = [&](std::int64_t i, std::int64_t end) {
    for (; i < end; i += lanes) {
      const auto copied = static_cast<int>(std::clamp<std::int64_t>(count - i, 0, lanes));
      const Lanes v = copied > 0 ? load_first(from + i, copied) : Lanes(0.0f);
      if (stores != Stores::streaming && i + lanes <= room) {
        store(to + i, v);
      } else {
        store_first(to + i, v, static_cast<int>(std::min<std::int64_t>(end - i, lanes)));
      }
    }
    return end;
  };
  // Of a row shorter than a line, to find where one begins takes longer than its stores.
  std::int64_t i = put_some(0, all < floats_of_line ? all : std::min(floats_to_line(to), all));
  for (; i + floats_of_line <= count; i += floats_of_line) {
    if constexpr (stores != Stores::ordinary) __builtin_prefetch(from + i + 2 * all, 0, into_L2);
    prefetch(i);
    unroll<detail::vectors_of_line>(
        [&](auto j) { put<stores>(to + i + j * lanes, load(from + i + j * lanes)); });
  }
  if (i < count) i = put_some(i, std::min(i + floats_of_line, all));
  for (; i + floats_of_line <= all; i += floats_of_line) {
    prefetch(i);
    unroll<detail::vectors_of_line>([&](auto j) { put<stores>(to + i + j * lanes, Lanes(0.0f)); });
  }
  put_some(i, all);
}

/// Writes `v` over and over.
template <Stores stores>
[[gnu::flatten]] inline void fill_floats(float* to, Lanes v, std::int64_t count) {
  constexpr int vectors = 4;
  const auto put_some = [&](std::int64_t i, std::int64_t end) {
    for (; i < end; i += lanes)
      store_first(to + i, v, static_cast<int>(std::min<std::int64_t>(end - i, lanes)));
    return end;
  };
  std::int64_t i = stores == Stores::streaming ? put_some(0, std::min(floats_to_line(to), count)) : 0;
  for (; i + vectors * lanes <= count; i += vectors * lanes)
    unroll<vectors>([&](auto n) { put<stores>(to + i + n * lanes, v); });
  put_some(i, count);
}

}  // namespace trilbench::TRILBENCH_ISA
