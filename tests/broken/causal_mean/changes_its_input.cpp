// Sums in place: x holds the running sums afterwards.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  auto* x = const_cast<float*>(inputs[0]);
  for (std::int64_t i = 0; i < elements(problem); ++i) {
    const std::int64_t t = i / C % T;
    if (t > 0) x[i] += x[i - C];
    y[i] = x[i] / static_cast<float>(t + 1);
  }
}

}  // namespace

extern const Implementation changes_its_input = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
