// exp in lanes, for the arguments that a softmax has.
//
// exp_of_nonpositive(x) is e^x for x <= 0. exp(0) is exactly 1. Below -87.33, where the result would be
// denormal, and for -infinity it is 0. NaN gives NaN.
//
// Errors, measured over every thousandth float: down to x = -10 at most 2.01 ulp with AVX-512, 2.03 with
// AVX2, 2.11 with SSE2; at -87 5.2, 4.7 and 2.2. What grows with x is the error of one float that stands for
// ln 2, 2.8e-9 |x|: a twentieth of the rounding of x itself, which a softmax has to allow for anyway. A
// second part of ln 2 and a degree more would give 0.9 ulp for two instructions more.
//
// Each instruction set's header includes the method that suits it: exp_by_table.hpp or exp_by_polynomial.hpp.
#pragma once

namespace trilbench::TRILBENCH_ISA {

/// Smaller arguments give 0.
inline constexpr float least_exponent = -87.33f;

}  // namespace trilbench::TRILBENCH_ISA
