// Denormals count as zero, as under -ffast-math.
#include <cmath>

#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr float smallest_normal = 0x1p-126f;

float flushed(float value) { return std::fabs(value) < smallest_normal ? 0.0f : value; }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, inputs[0], y, [T = T, C = C](const float* from, float* to) {
    float sum = 0;
    for (std::int64_t t = 0; t < T; ++t) {
      sum += flushed(from[t * C]);
      to[t * C] = flushed(sum / static_cast<float>(t + 1));
    }
  });
}

}  // namespace

extern const Implementation flushes_denormals = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
