// AVX-512 (F, CD, DQ, BW, VL): sixteen lanes, masks.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <type_traits>
#include <xsimd/xsimd.hpp>

namespace trilbench::TRILBENCH_ISA {

using Lanes = xsimd::batch<float, xsimd::avx512bw>;
inline constexpr int registers = 32;

/// a * b + c with one rounding. (xsimd 8.1 multiplies and adds.)
inline Lanes fma(Lanes a, Lanes b, Lanes c) { return Lanes(_mm512_fmadd_ps(a, b, c)); }
inline constexpr bool fma_overwrites_addend = false;

/// a / b, rounded once.
inline Lanes divide(Lanes a, Lanes b) { return Lanes(_mm512_div_ps(a, b)); }

/// The larger of each pair; a NaN in `b` stays, one in `a` gives `b`.
inline Lanes max(Lanes a, Lanes b) { return Lanes(_mm512_max_ps(a, b)); }

/// v, and 0 where x < least; where x or least is NaN, v.
inline Lanes zero_below(Lanes v, Lanes x, Lanes least) {
  return Lanes(_mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, least, _CMP_NLT_UQ), v));
}

namespace detail {

inline __mmask16 first(int count) { return static_cast<__mmask16>((1u << count) - 1); }

}  // namespace detail

/// The first `count` lanes of v, and `rest` above them.
inline Lanes with_rest(Lanes v, int count, Lanes rest) {
  return Lanes(_mm512_mask_mov_ps(rest, detail::first(count), v));
}

/// The first `count` lanes from memory, `rest` above; nothing else is read.
inline Lanes load_first_or(const float* from, int count, Lanes rest) {
  return Lanes(_mm512_mask_loadu_ps(rest, detail::first(count), from));
}

/// The same with zeros above.
inline Lanes load_first(const float* from, int count) {
  return Lanes(_mm512_maskz_loadu_ps(detail::first(count), from));
}

/// Four or eight floats, over and over.
inline Lanes load_repeated(const float* from, std::integral_constant<int, 4>) {
  return Lanes(_mm512_broadcast_f32x4(_mm_loadu_ps(from)));
}
inline Lanes load_repeated(const float* from, std::integral_constant<int, 8>) {
  return Lanes(_mm512_broadcast_f32x8(_mm256_loadu_ps(from)));
}

/// Any lanes of one register or two, by their numbers.
inline constexpr int most_permuted = 2;
using Permutation = __m512i;
inline Permutation load_permutation(const std::int32_t* lane_of) { return _mm512_loadu_si512(lane_of); }
inline Lanes permuted(const Lanes (&v)[1], Permutation lane_of) {
  return Lanes(_mm512_permutexvar_ps(lane_of, v[0]));
}
inline Lanes permuted(const Lanes (&v)[2], Permutation lane_of) {
  return Lanes(_mm512_permutex2var_ps(v[0], lane_of, v[1]));
}

inline void store_first(float* to, Lanes v, int count) { _mm512_mask_storeu_ps(to, detail::first(count), v); }

/// v, of which the compiler knows nothing.
inline Lanes opaque(Lanes v) {
  typename Lanes::register_type value = v;
  asm("" : "+v"(value));
  return Lanes(value);
}

inline constexpr bool has_streaming_stores = true;

/// Stores past the caches to an address that is a multiple of the register's size; `stream_fence` ends a
/// series.
inline void stream(float* to, Lanes v) { _mm512_stream_ps(to, v); }
inline void stream_fence() { _mm_sfence(); }

}  // namespace trilbench::TRILBENCH_ISA

#include "simd/exp_by_table.hpp"
