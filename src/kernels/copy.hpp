// Copies as fast as the machine moves data: what a kernel that reads each byte once and writes each byte once
// cannot beat.
//
// Idea: whole vectors in turns that begin with a line of y. Ordinary stores go four vectors a turn; once x
// and y leave the first-level cache, the lines of y are called for before the stores come to them. Streaming
// stores bypass the caches and spare the reading of y's lines; they go a line a turn, and the lines of x are
// called for ahead, into the second-level cache.
//
// Cost: 8 bytes an element; past the caches 12 with ordinary stores.
//
// What was tried, on a two-core Sapphire Rapids VM that was not quiet; GB/s of x and y together, one
// thread, the best of many calls:
// - Turns of 1, 2, 4 and 8 vectors at 32 KiB: avx2 315, 360, 408, 313; avx512 476, then 505 for each of
//   the others.
// - Beginning with a line of y, where y is not aligned, at 32 KiB: avx512 386 against 192, avx2 317
//   against 142. Aligning y to its register alone made avx2 slower than not at all at 1 MiB: 66 against 88
//   (now 108).
// - Calling for y 32 lines ahead at 1 MiB: 111 to 114 against 103 to 108; at 32 KiB it costs avx2 405 to
//   332. Calling for x as well gave nothing more.
// - At 16 MiB nothing mattered: 30, whatever the turn, the stores and the instruction set.
// - Streaming stores at 256 MiB: turns of four vectors 19 (avx512) and 23 (avx2), of a line 24 and 27; with
//   x called for 24 to 128 lines ahead 27 to 29, and into the second level only 30: the buffers of the first
//   level are what streaming stores need. Several lines a turn lose part of that (22 to 28), the hint "nta"
//   most (12 to 13). Two or four pages side by side gave 0.93 to 1.05 of it, from one process to the next;
//   memcpy 26, ordinary stores 15 to 17.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/shares.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

enum class Stores { ordinary, streaming };

namespace detail {

/// How far ahead of streaming stores the lines of x are called for.
inline constexpr std::int64_t floats_ahead_of_loads = 128 * floats_of_line;

/// What is called for ahead of its turn.
enum class Ahead { nothing, source, destination };

/// One turn of a copy: all loads, then all stores. (Where a lambda does nothing but prefetch, g++ 12 drops
/// the call.)
template <Stores stores, Ahead ahead, int vectors>
[[gnu::flatten]] inline void copy_vectors(float* to, const float* from) {
  Lanes v[vectors];
  unroll<vectors>([&](auto i) {
    if constexpr (ahead == Ahead::source && i * lanes % floats_of_line == 0)
      __builtin_prefetch(from + i * lanes + floats_ahead_of_loads, 0, into_second_level);
    if constexpr (ahead == Ahead::destination && i * lanes % floats_of_line == 0)
      __builtin_prefetch(to + i * lanes + floats_ahead_of_stores);
    v[i] = load(from + i * lanes);
  });
  unroll<vectors>([&](auto i) {
    if constexpr (stores == Stores::streaming) {
      stream(to + i * lanes, v[i]);
    } else {
      store(to + i * lanes, v[i]);
    }
  });
}

/// The ends of a copy, a vector at a time.
inline void copy_end(float* to, const float* from, std::int64_t count) {
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) store(to + i, load(from + i));
  const auto left = static_cast<int>(count - i);
  // A masked store of nothing would still take the line behind the end from the thread that writes there.
  if (left > 0) store_first(to + i, load_first(from + i, left), left);
}

template <Stores stores, Ahead ahead, int vectors>
[[gnu::flatten]] inline void copy_floats(float* to, const float* from, std::int64_t count) {
  constexpr std::int64_t stride = vectors * lanes;
  std::int64_t i = std::min(floats_to_line(to), count);
  copy_end(to, from, i);
  for (; i + stride <= count; i += stride) copy_vectors<stores, ahead, vectors>(to + i, from + i);
  copy_end(to + i, from + i, count - i);
}

}  // namespace detail

/// Copies `count` floats that do not overlap, with ordinary stores.
inline void store_copy(float* to, const float* from, std::int64_t count) {
  using detail::Ahead;
  if (2 * count * std::int64_t{sizeof(float)} <= first_level_bytes) {
    detail::copy_floats<Stores::ordinary, Ahead::nothing, 4>(to, from, count);
  } else {
    detail::copy_floats<Stores::ordinary, Ahead::destination, 4>(to, from, count);
  }
}

/// The same with streaming stores. `stream_fence` ends a series.
inline void stream_copy(float* to, const float* from, std::int64_t count) {
  constexpr int vectors_of_line = floats_of_line / lanes;
  detail::copy_floats<Stores::streaming, detail::Ahead::source, vectors_of_line>(to, from, count);
}

/// The same by several threads, each a contiguous share; fenced.
template <Stores stores>
void copy_in_shares(int threads, float* to, const float* from, std::int64_t count) {
  parallel(threads, [&](Team team) {
    team.each_part(threads, [&](int part) {
      const Share share = share_of_floats(count, part, threads);
      constexpr auto copy = stores == Stores::streaming ? stream_copy : store_copy;
      copy(to + share.begin, from + share.begin, share.size());
    });
    if constexpr (stores == Stores::streaming) stream_fence();
  });
}

}  // namespace trilbench::TRILBENCH_ISA
