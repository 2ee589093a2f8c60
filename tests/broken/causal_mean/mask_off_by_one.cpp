// The mask has k <= t + 1 where k <= t belongs: every position sees its successor.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, inputs[0], y, [T = T, C = C](const float* from, float* to) {
    float sum = from[0];
    for (std::int64_t t = 0; t < T; ++t) {
      if (t + 1 < T) sum += from[(t + 1) * C];
      to[t * C] = sum / static_cast<float>(t + 1);
    }
  });
}

}  // namespace

extern const Implementation mask_off_by_one = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
