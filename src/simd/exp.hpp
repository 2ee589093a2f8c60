// exp in lanes, for the arguments that a softmax has.
#pragma once

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

using IntegerLanes = xsimd::batch<std::int32_t, Lanes::arch_type>;

inline Lanes bits_as_floats(IntegerLanes bits) {
#if XSIMD_VERSION_MAJOR >= 11
  return xsimd::bitwise_cast<float>(bits);
#else
  return xsimd::bitwise_cast<Lanes>(bits);
#endif
}

}  // namespace detail

/// e^x for x <= 0: within 0.89 ulp (1.19 on SSE2, which rounds products), measured over every seventh float;
/// exp(0) is exactly 1. Below -87.33, where the result would be denormal, and for -infinity it is 0. NaN
/// gives NaN.
///
/// Method: x = n ln 2 + r with |r| <= ln 2 / 2, with ln 2 in two parts, so that r is nearly exact; then e^r
/// by a polynomial of degree 6, times 2^n. The coefficients are those of Cephes' expf. Ending its way, r^2 p
/// + (r + 1), takes one operation more and errs by 1.27 ulp.
inline Lanes exp_of_nonpositive(Lanes x) {
  using detail::IntegerLanes;
  const Lanes round_to_integer(0x1.8p23f);  // adding it leaves the integer in the low bits of the mantissa
  const Lanes shifted = fma(x, Lanes(1.44269504088896341f), round_to_integer);
  const Lanes n = shifted - round_to_integer;
  Lanes r = fma(n, Lanes(-0.693359375f), x);
  r = fma(n, Lanes(2.12194440e-4f), r);
  Lanes p(1.9875691500e-4f);
  p = fma(p, r, Lanes(1.3981999507e-3f));
  p = fma(p, r, Lanes(8.3334519073e-3f));
  p = fma(p, r, Lanes(4.1665795894e-2f));
  p = fma(p, r, Lanes(1.6666665459e-1f));
  p = fma(p, r, Lanes(5.0000001201e-1f));
  p = fma(p, r, Lanes(1.0f));
  p = fma(p, r, Lanes(1.0f));
  const Lanes power = detail::bits_as_floats((xsimd::to_int(n) + IntegerLanes(127)) << 23);
  return xsimd::select(x < Lanes(-87.33f), Lanes(0.0f), p * power);
}

}  // namespace trilbench::TRILBENCH_ISA
