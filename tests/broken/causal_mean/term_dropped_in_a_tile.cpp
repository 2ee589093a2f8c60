// Four rows of one column miss one term, as when a tile's last product is masked off. No row that divides by
// a power of two is among them, and no term at an edge: only data that visits every place sees it in a long
// sequence.
#include <algorithm>

#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  right_means(problem, inputs[0], y);
  const std::int64_t missing = T / 2 + T / 4 + T / 8 + 2;
  const std::int64_t column = C / 2;
  for (std::int64_t t = missing; t < std::min(missing + 4, T); ++t) {
    float sum = 0;
    for (std::int64_t k = 0; k <= t; ++k)
      if (k != missing) sum += inputs[0][k * C + column];
    y[t * C + column] = sum / static_cast<float>(t + 1);
  }
}

}  // namespace

extern const Implementation term_dropped_in_a_tile = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
