// The dense product with a triangle of weights, zeros and all: right until the future holds a NaN or an
// infinity.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, inputs[0], y, [T = T, C = C](const float* from, float* to) {
    float sum = 0;
    for (std::int64_t t = 0; t < T; ++t) {
      sum += from[t * C];
      const std::int64_t tile_end = t - t % 16 + 16 < T ? t - t % 16 + 16 : T;
      float mean = sum / static_cast<float>(t + 1);
      for (std::int64_t k = t + 1; k < tile_end; ++k) mean += 0.0f * from[k * C];
      to[t * C] = mean;
    }
  });
}

}  // namespace

extern const Implementation multiplies_the_future_by_zero = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
