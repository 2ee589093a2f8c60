// The one measure of right and wrong: |y - y*| <= u |y*| + g u M + h, derived in docs/numerics.md.
#pragma once

#include "suite/element.hpp"

namespace trilbench {

/// g: how n roundings, each at most u, can add up: n / (1 - n u). Infinity once n u reaches 1.
double error_growth(double roundings);

/// |y - y*| over its bound. 0/0 is 0. A NaN or infinity where y* is not the same gives infinity, and the
/// other way round; what y* has, y must have.
double error_over_bound(Element y, double reference, double magnitude, double growth, double underflow);

}  // namespace trilbench
