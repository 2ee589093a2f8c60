// Subtracts the largest logit of the whole row, above the diagonal too. The exponentials and their sum change
// alike, until they vanish.
#include "weights.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  with_weights(problem, inputs, y, static_cast<float*>(workspace),
               [T](std::int64_t t, const float* logits, float* weights) {
                 divide(weights, t + 1, exponentials(logits, weights, t + 1, largest_of(logits, T)));
               });
}

}  // namespace

extern const Implementation maximum_over_the_masked_part = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
