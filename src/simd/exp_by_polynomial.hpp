// exp on instruction sets without a table in registers.
//
// Idea: x = n ln 2 + r with a whole number n, so that |r| <= ln 2 / 2; a polynomial of degree 5 gives e^r. n
// is found by adding a number so large that the sum is rounded to a whole one; it is chosen so that the sum's
// low bits are the exponent of 2^n, and only have to be shifted into their place.
#pragma once

#include "simd/exp.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// v's bits, moved up to where a float has its exponent.
inline Lanes low_bits_as_exponent(Lanes v) {
#if XSIMD_VERSION_MAJOR >= 11
  return xsimd::bitwise_cast<float>(xsimd::bitwise_cast<std::int32_t>(v) << 23);
#else
  using Integers = xsimd::batch<std::int32_t, Lanes::arch_type>;
  return xsimd::bitwise_cast<Lanes>(xsimd::bitwise_cast<Integers>(v) << 23);
#endif
}

/// x - n ln 2. A rounded product would lose what is left of x; without a fused one, ln 2 comes in two parts,
/// the first of which has so few digits that its multiples are exact.
inline Lanes minus_multiple_of_ln_2(Lanes x, Lanes n) {
  if constexpr (fma_rounds_once) return fma(n, Lanes(-0x1.62e43p-1f), x);
  return fma(n, Lanes(2.12194440e-4f), fma(n, Lanes(-0.693359375f), x));
}

}  // namespace detail

inline Lanes exp_of_nonpositive(Lanes x) {
  const Lanes round_to_integer(0x1.8p23f + 127);
  const Lanes shifted = fma(x, Lanes(0x1.715476p0f), round_to_integer);
  const Lanes n = shifted - round_to_integer;
  const Lanes r = detail::minus_multiple_of_ln_2(x, n);
  // Minimax for |r| <= ln 2 / 2 with the constant 1: e^r within 1.6 of 2^-24.
  Lanes p(0x1.0fa34ep-7f);
  p = fma(p, r, Lanes(0x1.573a2cp-5f));
  p = fma(p, r, Lanes(0x1.555a7ap-3f));
  p = fma(p, r, Lanes(0x1.fffdc6p-2f));
  p = fma(p, r, Lanes(0x1.fffff6p-1f));
  p = fma(p, r, Lanes(1.0f));
  // Zero twice: the power of two, so that the product is never denormal; the product, which is NaN where p is
  // not finite.
  const Lanes least(least_exponent);
  const Lanes power = zero_below(detail::low_bits_as_exponent(shifted), x, least);
  return zero_below(p * power, x, least);
}

}  // namespace trilbench::TRILBENCH_ISA
