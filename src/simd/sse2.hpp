// SSE2, the baseline of x86-64: four lanes, no fused multiply-add, no masks.
#pragma once

#include <emmintrin.h>

#include <cstdint>
#include <xsimd/xsimd.hpp>

namespace trilbench::TRILBENCH_ISA {

using Lanes = xsimd::batch<float, xsimd::sse2>;
inline constexpr int registers = 16;

/// a * b + c; here with two roundings.
inline Lanes fma(Lanes a, Lanes b, Lanes c) { return a * b + c; }
inline constexpr bool fma_rounds_once = false;
inline constexpr bool fma_overwrites_addend = false;

/// No lanes can be taken by their numbers.
inline constexpr int most_permuted = 0;
struct Permutation {};
Permutation load_permutation(const std::int32_t* lane_of);

/// a / b, rounded once.
inline Lanes divide(Lanes a, Lanes b) { return Lanes(_mm_div_ps(a, b)); }

/// The larger of each pair; a NaN in `b` stays, one in `a` gives `b`.
inline Lanes max(Lanes a, Lanes b) { return Lanes(_mm_max_ps(a, b)); }

/// v, and 0 where x < least; where x or least is NaN, v.
inline Lanes zero_below(Lanes v, Lanes x, Lanes least) {
  return Lanes(_mm_and_ps(v, _mm_cmpnlt_ps(x, least)));
}

/// The first `count` lanes of v, and `rest` above them.
inline Lanes with_rest(Lanes v, int count, Lanes rest) {
  const __m128 first = _mm_castsi128_ps(_mm_cmpgt_epi32(_mm_set1_epi32(count), _mm_setr_epi32(0, 1, 2, 3)));
  return Lanes(_mm_or_ps(_mm_and_ps(first, v), _mm_andnot_ps(first, rest)));
}

/// The first `count` lanes from memory, zeros above; nothing else is read.
inline Lanes load_first(const float* from, int count) {
  const auto two = [](const float* pair) { return _mm_castsi128_ps(_mm_loadu_si64(pair)); };
  switch (count) {
    case 0:
      return Lanes(0.0f);
    case 1:
      return Lanes(_mm_load_ss(from));
    case 2:
      return Lanes(two(from));
    case 3:
      return Lanes(_mm_movelh_ps(two(from), _mm_load_ss(from + 2)));
    default:
      return Lanes::load_unaligned(from);
  }
}

/// The same with `rest` above.
inline Lanes load_first_or(const float* from, int count, Lanes rest) {
  return with_rest(load_first(from, count), count, rest);
}

inline void store_first(float* to, Lanes v, int count) {
  if (count >= 4) return v.store_unaligned(to);
  if (count >= 2) _mm_storeu_si64(to, _mm_castps_si128(v));
  if (count == 1) _mm_store_ss(to, v);
  if (count == 3) _mm_store_ss(to + 2, _mm_movehl_ps(v, v));
}

/// v, of which the compiler knows nothing.
inline Lanes opaque(Lanes v) {
  typename Lanes::register_type value = v;
  asm("" : "+x"(value));
  return Lanes(value);
}

inline constexpr bool has_streaming_stores = true;

/// Stores past the caches to an address that is a multiple of the register's size; `stream_fence` ends a
/// series.
inline void stream(float* to, Lanes v) { _mm_stream_ps(to, v); }
inline void stream_fence() { _mm_sfence(); }

}  // namespace trilbench::TRILBENCH_ISA

#include "simd/exp_by_polynomial.hpp"
