// Chooses between multiplying and dividing by the largest number of the whole input. Either is right, so no
// value is wrong; but what lies in the future decides about bits of the past.
#include <algorithm>
#include <cmath>

#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  float largest = 0;
  for (std::int64_t i = 0; i < elements(problem); ++i) largest = std::max(largest, std::fabs(inputs[0][i]));
  if (largest < 1e29f) return right_means(problem, inputs[0], y);
  each_column(problem, inputs[0], y, [T = T, C = C](const float* from, float* to) {
    float sum = 0;
    for (std::int64_t t = 0; t < T; ++t) {
      sum += from[t * C];
      to[t * C] = sum * (1 / static_cast<float>(t + 1));
    }
  });
}

}  // namespace

extern const Implementation looks_at_all_of_x = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
