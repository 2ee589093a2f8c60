// Writes NaN: 0 * (1 / 0), when the reciprocal is taken of a counter that was never set.
#include <algorithm>
#include <limits>

#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const*, float* y, void*) {
  std::fill_n(y, elements(problem), std::numeric_limits<float>::quiet_NaN());
}

}  // namespace

extern const Implementation all_nan = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
