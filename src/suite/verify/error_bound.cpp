#include "suite/verify/error_bound.hpp"

#include <cmath>
#include <limits>

namespace trilbench {
namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}

double error_growth(double roundings) {
  const double lost = roundings * unit_roundoff;
  return lost < 1 ? roundings / (1 - lost) : infinity;
}

double error_over_bound(Element y, double reference, double magnitude, double growth, double underflow) {
  const double value = y;
  if (std::isnan(reference)) return std::isnan(value) ? 0 : infinity;
  if (std::isinf(reference)) return value == reference ? 0 : infinity;
  const double error = std::abs(value - reference);
  if (error == 0) return 0;
  const double bound = unit_roundoff * (std::abs(reference) + growth * magnitude) + underflow;
  // Written so that a NaN in y or in the bound fails.
  const double ratio = error / bound;
  return ratio >= 0 ? ratio : infinity;
}

}  // namespace trilbench
