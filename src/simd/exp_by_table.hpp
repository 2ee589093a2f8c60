// exp on AVX-512, whose permutation of two registers is a table of 32 numbers.
//
// Idea: x = n ln 2 + r with n a multiple of 1/32, so that |r| <= ln 2 / 64: a table gives 2^(n - floor(n)),
// and e^r needs a polynomial of degree 2 only. VSCALEFPS multiplies with 2^floor(n), whatever n is.
//
// Cost: 9 instructions for the two ports that take 512 bits. With a subtraction before and an addition after,
// 16 exponentials of data in the first-level cache take 5.5 cycles at best; measured (Sapphire Rapids, 3.6
// GHz): 5.6 to 5.8, or 0.097 to 0.102 ns each. A polynomial of degree 5 for |r| <= ln 2 / 2 instead of the
// table: 0.113 to 0.117; without the comparison that makes small results 0, 5 to 9 % less, but then
// exponentials of huge arguments are wrong and denormal ones slow; shifting the exponent into place instead
// of VSCALEFPS 5 % more.
#pragma once

#include "simd/exp.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// 2^(i/32)
alignas(64) constexpr float powers_of_two[32] = {
    0x1p0f,        0x1.059b0ep0f, 0x1.0b5586p0f, 0x1.11301ep0f, 0x1.172b84p0f, 0x1.1d4874p0f, 0x1.2387a6p0f,
    0x1.29e9ep0f,  0x1.306fep0f,  0x1.371a74p0f, 0x1.3dea64p0f, 0x1.44e086p0f, 0x1.4bfdaep0f, 0x1.5342b6p0f,
    0x1.5ab07ep0f, 0x1.6247ecp0f, 0x1.6a09e6p0f, 0x1.71f75ep0f, 0x1.7a1148p0f, 0x1.82589ap0f, 0x1.8ace54p0f,
    0x1.93737cp0f, 0x1.9c4918p0f, 0x1.a5503cp0f, 0x1.ae89fap0f, 0x1.b7f77p0f,  0x1.c199bep0f, 0x1.cb720ep0f,
    0x1.d5818ep0f, 0x1.dfc974p0f, 0x1.ea4afap0f, 0x1.f50766p0f};

}  // namespace detail

inline Lanes exp_of_nonpositive(Lanes x) {
  const Lanes round_to_32nd(0x1.8p18f);  // adding it leaves 32 n in the low bits of the mantissa
  const Lanes shifted = fma(x, Lanes(0x1.715476p0f), round_to_32nd);
  const Lanes n = shifted - round_to_32nd;
  const Lanes r = fma(n, Lanes(-0x1.62e43p-1f), x);
  const Lanes power(_mm512_permutex2var_ps(_mm512_load_ps(detail::powers_of_two),
                                           _mm512_castps_si512(shifted),
                                           _mm512_load_ps(detail::powers_of_two + 16)));
  // Minimax for |r| <= ln 2 / 64 with the constant 1: e^r within 0.9 of 2^-24.
  const Lanes p = fma(r, Lanes(0x1.fffffcp-2f), Lanes(0x1.0000f6p0f));
  const __mmask16 kept = _mm512_cmp_ps_mask(x, Lanes(least_exponent), _CMP_NLT_UQ);  // NaN is kept
  return Lanes(_mm512_maskz_scalef_ps(kept, fma(power * r, p, power), n));
}

}  // namespace trilbench::TRILBENCH_ISA
