// exp_of_nonpositive on AVX-512, whose permutation of two registers is a table of 32 numbers.
//
// Idea: x = n ln 2 + r with n a multiple of 1/32, so that |r| <= ln 2 / 64: a table gives 2^(n - floor(n)),
// and e^r needs a polynomial of degree 2 only. VSCALEFPS multiplies with 2^floor(n), whatever n is; under a
// mask it leaves out what would be denormal, arguments below -87.33.
//
// Cost: 9 instructions for the two ports that take 512 bits. With a subtraction before and an addition after,
// 16 exponentials of data in L1 take 5.5 cycles at best; measured on a Sapphire Rapids at 3.6 GHz: 5.6
// to 5.8, or 0.097 to 0.102 ns each. What was tried: docs/lab/exp.md.
//
// Errors: down to x = -10 at most 2.01 ulp, at -87 5.2.
#pragma once

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
  const __mmask16 kept = _mm512_cmp_ps_mask(x, Lanes(-87.33f), _CMP_NLT_UQ);  // NaN is kept
  return Lanes(_mm512_maskz_scalef_ps(kept, fma(power * r, p, power), n));
}

/// 2^x for x <= 0, from a polynomial: VREDUCEPS gives x's distance from the whole number below, in which
/// VSCALEFPS is interested. 8 instructions, 0.86 of the time of exp_by_polynomial.hpp's on Zen 4; a table as
/// above took 0.93. Errs by at most 3.1 of 2^-24.
inline Lanes exp2_of_nonpositive(Lanes x) {
  const Lanes r(_mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC));
  // Minimax for 0 <= r <= 1 with the constant 1: 2^r within 1.4 of 2^-24.
  Lanes p(0x1.e974fcp-10f);
  p = fma(p, r, Lanes(0x1.277854p-7f));
  p = fma(p, r, Lanes(0x1.c91ce6p-5f));
  p = fma(p, r, Lanes(0x1.ebdb56p-3f));
  p = fma(p, r, Lanes(0x1.62e4bap-1f));
  p = fma(p, r, Lanes(1.0f));
  const __mmask16 kept = _mm512_cmp_ps_mask(x, Lanes(-126.0f), _CMP_NLT_UQ);  // NaN is kept
  return Lanes(_mm512_maskz_scalef_ps(kept, p, x));
}

}  // namespace trilbench::TRILBENCH_ISA
