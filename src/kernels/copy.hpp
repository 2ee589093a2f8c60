// Copies as fast as the machine moves data: what a kernel that reads each byte once and writes each byte once
// cannot beat.
//
// Idea: whole vectors, several of them loaded before the first is stored, and every store aligned to its
// register: a 64-byte store that crosses a line costs two. Streaming stores bypass the caches and spare the
// reading of lines that are about to be overwritten.
//
// Cost: 8 bytes an element; past the caches 12 with ordinary stores.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/parallel.hpp"
#include "kernels/shares.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

enum class Stores { ordinary, streaming };

namespace detail {

inline constexpr int vectors_in_flight = 8;

/// Floats from `to` up to where a register is aligned.
inline std::int64_t floats_to_alignment(const float* to) {
  const auto past = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(to) / sizeof(float) % lanes);
  return past == 0 ? 0 : lanes - past;
}

template <Stores stores, int vectors>
[[gnu::flatten]] inline void copy_vectors(float* to, const float* from) {
  Lanes v[vectors];
  unroll<vectors>([&](auto i) { v[i] = load(from + i * lanes); });
  unroll<vectors>([&](auto i) {
    if constexpr (stores == Stores::streaming) {
      stream(to + i * lanes, v[i]);
    } else {
      store(to + i * lanes, v[i]);
    }
  });
}

/// Copies fewer floats than a register holds.
inline void copy_few(float* to, const float* from, std::int64_t count) {
  store_first(to, load_first(from, static_cast<int>(count)), static_cast<int>(count));
}

template <Stores stores>
[[gnu::flatten]] inline void copy_floats(float* to, const float* from, std::int64_t count) {
  constexpr std::int64_t stride = vectors_in_flight * lanes;
  std::int64_t i = std::min(floats_to_alignment(to), count);
  copy_few(to, from, i);
  for (; i + stride <= count; i += stride) copy_vectors<stores, vectors_in_flight>(to + i, from + i);
  for (; i + lanes <= count; i += lanes) copy_vectors<stores, 1>(to + i, from + i);
  copy_few(to + i, from + i, count - i);
}

}  // namespace detail

/// Copies `count` floats that do not overlap, with ordinary stores.
inline void store_copy(float* to, const float* from, std::int64_t count) {
  detail::copy_floats<Stores::ordinary>(to, from, count);
}

/// The same with streaming stores. `stream_fence` ends a series.
inline void stream_copy(float* to, const float* from, std::int64_t count) {
  detail::copy_floats<Stores::streaming>(to, from, count);
}

/// The same by several threads, each a contiguous share; fenced.
template <Stores stores>
void copy_in_shares(int threads, float* to, const float* from, std::int64_t count) {
  parallel(threads, [&](Team team) {
    team.each_part(threads, [&](int part) {
      const Share share = share_of_floats(count, part, threads);
      detail::copy_floats<stores>(to + share.begin, from + share.begin, share.size());
    });
    if constexpr (stores == Stores::streaming) stream_fence();
  });
}

}  // namespace trilbench::TRILBENCH_ISA
