// 1 / (t + 1) from a 12-bit estimate and one Newton step, as _mm_rcp_ps invites: an ulp off for some t,
// though never for powers of two. Well within the bound, which allows for many roundings.
#include <bit>

#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

float estimate(float n) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(1 / n) & 0xFFFFF000u); }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, inputs[0], y, [T = T, C = C](const float* from, float* to) {
    float sum = 0;
    for (std::int64_t t = 0; t < T; ++t) {
      const auto n = static_cast<float>(t + 1);
      const float r = estimate(n);
      sum += from[t * C];
      to[t * C] = sum * (r * (2 - n * r));
    }
  });
}

}  // namespace

extern const Implementation newton_reciprocal = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
