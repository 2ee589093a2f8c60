// Treats NaN as zero, as max(x, -max) does in some operand order, or a mean that was asked to skip missing
// values.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, inputs[0], y, [T = T, C = C](const float* from, float* to) {
    float sum = 0;
    for (std::int64_t t = 0; t < T; ++t) {
      const float value = from[t * C];
      sum += value == value ? value : 0.0f;
      to[t * C] = sum / static_cast<float>(t + 1);
    }
  });
}

}  // namespace

extern const Implementation swallows_nan = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
