// Batches of x are taken to lie T apart, not T C: right for the first batch.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b)
    for (std::int64_t c = 0; c < C; ++c)
      mean_of_rows(inputs[0] + b * T + c, y + b * T * C + c, C, 0, T, 0.0f);
}

}  // namespace

extern const Implementation wrong_batch_stride = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
