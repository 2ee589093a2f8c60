// What AVX2 and FMA do with eight lanes: for every instruction set that has both, however many registers.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <type_traits>
#include <xsimd/xsimd.hpp>

namespace trilbench::TRILBENCH_ISA {

using Lanes = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;

/// a * b + c with one rounding.
inline Lanes fma(Lanes a, Lanes b, Lanes c) { return Lanes(_mm256_fmadd_ps(a, b, c)); }
inline constexpr bool fma_rounds_once = true;
inline constexpr bool fma_overwrites_addend = false;

/// a / b, rounded once.
inline Lanes divide(Lanes a, Lanes b) { return Lanes(_mm256_div_ps(a, b)); }

/// The larger of each pair; a NaN in `b` stays, one in `a` gives `b`.
inline Lanes max(Lanes a, Lanes b) { return Lanes(_mm256_max_ps(a, b)); }

/// v, and 0 where x < least; where x or least is NaN, v.
inline Lanes zero_below(Lanes v, Lanes x, Lanes least) {
  return Lanes(_mm256_and_ps(v, _mm256_cmp_ps(x, least, _CMP_NLT_UQ)));
}

namespace detail {

inline __m256i first(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

}  // namespace detail

/// The first `count` lanes of v, and `rest` above them.
inline Lanes with_rest(Lanes v, int count, Lanes rest) {
  return Lanes(_mm256_blendv_ps(rest, v, _mm256_castsi256_ps(detail::first(count))));
}

/// The first `count` lanes from memory, zeros above; nothing else is read.
inline Lanes load_first(const float* from, int count) {
  return Lanes(_mm256_maskload_ps(from, detail::first(count)));
}

/// The same with `rest` above.
inline Lanes load_first_or(const float* from, int count, Lanes rest) {
  return with_rest(load_first(from, count), count, rest);
}

/// Four floats, over and over.
inline Lanes load_repeated(const float* from, std::integral_constant<int, 4>) {
  return Lanes(_mm256_broadcast_ps(reinterpret_cast<const __m128*>(from)));
}

/// Any lanes of a register, by their numbers.
inline constexpr int most_permuted = 1;
using Permutation = __m256i;
inline Permutation load_permutation(const std::int32_t* lane_of) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(lane_of));
}
inline Lanes permuted(const Lanes (&v)[1], Permutation lane_of) {
  return Lanes(_mm256_permutevar8x32_ps(v[0], lane_of));
}

/// In pieces: a store under a mask takes a dozen cycles on AMD's CPUs.
inline void store_first(float* to, Lanes v, int count) {
  if (count >= 8) return v.store_unaligned(to);
  __m128 piece = _mm256_castps256_ps128(v);
  if (count & 4) {
    _mm_storeu_ps(to, piece);
    to += 4;
    piece = _mm256_extractf128_ps(v, 1);
  }
  if (count & 2) {
    _mm_storeu_si64(to, _mm_castps_si128(piece));
    to += 2;
    piece = _mm_movehl_ps(piece, piece);
  }
  if (count & 1) _mm_store_ss(to, piece);
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
inline void stream(float* to, Lanes v) { _mm256_stream_ps(to, v); }
inline void stream_fence() { _mm_sfence(); }

}  // namespace trilbench::TRILBENCH_ISA

#include "simd/exp_by_polynomial.hpp"
