// Lanes: as many floats as one register of this file's instruction set holds, and what kernels do with them.
//
// This folder is the only one that includes xsimd or an intrinsic header. xsimd gives the type, its
// arithmetic and comparisons; what its versions 8.1 to 14 lack or do differently (fused multiply-add for
// AVX-512, partial loads, streaming stores, reductions, the maximum of a NaN) stands here and in the header
// of each instruction set.
#pragma once

#include <cstdint>
#include <utility>
#include <xsimd/xsimd.hpp>

#if defined(__AVX512F__)
#  include "simd/avx512.hpp"
#elif defined(__AVX2__)
#  include "simd/avx2.hpp"
#elif defined(__SSE2__)
#  include "simd/sse2.hpp"
#elif defined(__aarch64__)
#  include "simd/neon.hpp"
#endif

namespace trilbench::TRILBENCH_ISA {

inline constexpr int lanes = Lanes::size;

inline Lanes load(const float* from) { return Lanes::load_unaligned(from); }
inline void store(float* to, Lanes v) { v.store_unaligned(to); }

/// The larger of each pair; a NaN in `b` stays, one in `a` gives `b`.
inline Lanes max(Lanes a, Lanes b) { return xsimd::select(a > b, a, b); }

namespace detail {

template <int... lane>
Lanes shuffle(Lanes a, Lanes b, std::integer_sequence<int, lane...>, auto source) {
  using Register = typename Lanes::register_type;
  return Lanes(
      __builtin_shufflevector(static_cast<Register>(a), static_cast<Register>(b), (source(lane))...));
}

}  // namespace detail

/// Every lane moves up by `distance`; zeros follow it.
template <int distance>
Lanes shift_up(Lanes v) {
  constexpr auto source = [](int lane) { return lane < distance ? lane : lanes + lane - distance; };
  return detail::shuffle(Lanes(0.0f), v, std::make_integer_sequence<int, lanes>(), source);
}

/// The `count` lanes from `first` on, over and over.
template <int first, int count>
Lanes repeat(Lanes v) {
  constexpr auto source = [](int lane) { return first + lane % count; };
  return detail::shuffle(v, v, std::make_integer_sequence<int, lanes>(), source);
}

/// 0, 1, 2, ... each `times` times.
template <int times>
Lanes steps() {
  alignas(Lanes) float values[lanes];
  for (int i = 0; i < lanes; ++i) values[i] = static_cast<float>(i / times);
  return load(values);
}

inline float sum_of(Lanes v) {
  float values[lanes];
  store(values, v);
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) values[i] += values[i + width];
  return values[0];
}

/// The largest lane; NaN if any lane is.
inline float max_of(Lanes v) {
  float values[lanes];
  store(values, v);
  float largest = values[0];
  for (int i = 1; i < lanes; ++i)
    if (!(values[i] <= largest) && largest == largest) largest = values[i];
  return largest;
}

/// Calls body(0), ..., body(count - 1) with constants, so that arrays indexed by them stay in registers. The
/// function around it must be [[gnu::flatten]]: where g++ does not inline a body, the arrays go through
/// memory.
template <int count, class Body>
[[gnu::always_inline]] inline void unroll(Body&& body) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    (body(std::integral_constant<int, i>()), ...);
  }
  (std::make_integer_sequence<int, count>());
}

}  // namespace trilbench::TRILBENCH_ISA
