// exp_of_nonpositive on instruction sets without a table in registers.
//
// Idea: x = n ln 2 + r with a whole number n, so that |r| <= ln 2 / 2; a polynomial of degree 5 gives 2 e^r.
// n is found by adding a number so large that the sum is rounded to a whole one; it is chosen so that the
// sum's low bits are the exponent of 2^(n - 1), and only have to be shifted into their place. At n = -126
// they are 0, and so is that power; arguments are kept from falling lower. The result is 0 there and at least
// sqrt(2) 2^-126 above, so that nothing on the way is ever denormal, whatever a compiler makes of it.
//
// Cost: 12 instructions with fused multiply-add, 19 without.
//
// Errors: down to x = -10 at most 2.03 ulp with AVX2, 2.11 with SSE2; at -86 4.7 and 2.2. What grows with x
// is the error of one float that stands for ln 2: docs/lab/exp.md.
#pragma once

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// v's bits, moved up to where a float has its exponent.
inline Lanes low_bits_as_exponent(Lanes v) {
  using Register = typename Lanes::register_type;
  using Bits [[gnu::vector_size(sizeof(Register))]] = std::uint32_t;
  return Lanes(reinterpret_cast<Register>(reinterpret_cast<Bits>(static_cast<Register>(v)) << 23));
}

/// x - n ln 2. A rounded product would lose what is left of x; without a fused one, ln 2 comes in two parts,
/// the first of which has so few digits that its multiples are exact.
inline Lanes minus_multiple_of_ln_2(Lanes x, Lanes n) {
  if constexpr (fma_rounds_once) return fma(n, Lanes(-0x1.62e43p-1f), x);
  return fma(n, Lanes(2.12194440e-4f), fma(n, Lanes(-0.693359375f), x));
}

}  // namespace detail

inline Lanes exp_of_nonpositive(Lanes argument) {
  const Lanes x = max(Lanes(-126 * 0x1.62e43p-1f), argument);  // NaN stays
  const Lanes round_to_integer(0x1.8p23f + 126);
  const Lanes shifted = fma(x, Lanes(0x1.715476p0f), round_to_integer);
  const Lanes n = shifted - round_to_integer;
  const Lanes r = detail::minus_multiple_of_ln_2(x, n);
  // Minimax for |r| <= ln 2 / 2 with the constant 2: 2 e^r within 1.6 of 2^-24.
  Lanes p(0x1.0fa34ep-6f);
  p = fma(p, r, Lanes(0x1.573a2cp-4f));
  p = fma(p, r, Lanes(0x1.555a7ap-2f));
  p = fma(p, r, Lanes(0x1.fffdc6p-1f));
  p = fma(p, r, Lanes(0x1.fffff6p0f));
  p = fma(p, r, Lanes(2.0f));
  return p * detail::low_bits_as_exponent(shifted);
}

/// The same with the base 2: x's distance from a whole number is exact, so 10 instructions with fused
/// multiply-add; errs by at most 2.9 of 2^-24.
inline Lanes exp2_of_nonpositive(Lanes argument) {
  const Lanes x = max(Lanes(-126.0f), argument);  // NaN stays
  const Lanes round_to_integer(0x1.8p23f + 126);
  const Lanes shifted = x + round_to_integer;
  const Lanes r = x - (shifted - round_to_integer);
  // Minimax for |r| <= 1/2 with the constant 2: 2^(1 + r) within 1.6 of 2^-24.
  Lanes p(0x1.5bba14p-9f);
  p = fma(p, r, Lanes(0x1.3cea88p-6f));
  p = fma(p, r, Lanes(0x1.c6b752p-4f));
  p = fma(p, r, Lanes(0x1.ebf9bcp-2f));
  p = fma(p, r, Lanes(0x1.62e42ap0f));
  p = fma(p, r, Lanes(2.0f));
  return p * detail::low_bits_as_exponent(shifted);
}

}  // namespace trilbench::TRILBENCH_ISA
