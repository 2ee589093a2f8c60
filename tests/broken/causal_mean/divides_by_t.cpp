// Divides by t instead of t + 1.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, inputs[0], y, [T = T, C = C](const float* from, float* to) {
    float sum = 0;
    for (std::int64_t t = 0; t < T; ++t) {
      sum += from[t * C];
      to[t * C] = sum / static_cast<float>(t > 0 ? t : 1);
    }
  });
}

}  // namespace

extern const Implementation divides_by_t = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
