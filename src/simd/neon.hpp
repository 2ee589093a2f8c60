// NEON on AArch64: four lanes, fused multiply-add, no masks.
#pragma once

#include <arm_neon.h>

#include <cstdint>
#include <cstring>
#include <xsimd/xsimd.hpp>

namespace trilbench::TRILBENCH_ISA {

using Lanes = xsimd::batch<float, xsimd::neon64>;
inline constexpr int registers = 32;

/// a * b + c with one rounding.
inline Lanes fma(Lanes a, Lanes b, Lanes c) { return Lanes(vfmaq_f32(c, a, b)); }
inline constexpr bool fma_rounds_once = true;
inline constexpr bool fma_overwrites_addend = true;  // one that is needed again must be copied first

/// No lanes can be taken by their numbers.
inline constexpr int most_permuted = 0;
struct Permutation {};
Permutation load_permutation(const std::int32_t* lane_of);

/// a / b, rounded once. (xsimd's own division of floats approximates here.)
inline Lanes divide(Lanes a, Lanes b) { return Lanes(vdivq_f32(a, b)); }

/// The larger of each pair; a NaN in `b` stays, one in `a` gives `b`. (NEON's own maximum keeps either NaN.)
inline Lanes max(Lanes a, Lanes b) { return Lanes(vbslq_f32(vcgtq_f32(a, b), a, b)); }

/// v, and 0 where x < least; where x or least is NaN, v.
inline Lanes zero_below(Lanes v, Lanes x, Lanes least) {
  return Lanes(vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(v), vcltq_f32(x, least))));
}

/// The first `count` lanes of v, and `rest` above them.
inline Lanes with_rest(Lanes v, int count, Lanes rest) {
  constexpr std::int32_t places[] = {0, 1, 2, 3};
  return Lanes(vbslq_f32(vcltq_s32(vld1q_s32(places), vdupq_n_s32(count)), v, rest));
}

/// The first `count` lanes from memory, zeros above; nothing else is read.
inline Lanes load_first(const float* from, int count) {
  float values[4] = {};
  std::memcpy(values, from, static_cast<unsigned>(count) * sizeof(float));
  return Lanes::load_unaligned(values);
}

/// The same with `rest` above.
inline Lanes load_first_or(const float* from, int count, Lanes rest) {
  return with_rest(load_first(from, count), count, rest);
}

inline void store_first(float* to, Lanes v, int count) {
  float values[4];
  v.store_unaligned(values);
  std::memcpy(to, values, static_cast<unsigned>(count) * sizeof(float));
}

/// v, of which the compiler knows nothing.
inline Lanes opaque(Lanes v) {
  typename Lanes::register_type value = v;
  asm("" : "+w"(value));
  return Lanes(value);
}

inline constexpr bool has_streaming_stores = false;

/// AArch64 has no streaming store that compilers offer; these are ordinary stores.
inline void stream(float* to, Lanes v) { v.store_unaligned(to); }
inline void stream_fence() {}

}  // namespace trilbench::TRILBENCH_ISA

#include "simd/exp_by_polynomial.hpp"
