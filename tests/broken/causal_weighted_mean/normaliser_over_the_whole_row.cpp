// Sums the exponentials of the whole row, above the diagonal too.
#include "weights.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  with_weights(problem, inputs, y, static_cast<float*>(workspace),
               [T](std::int64_t t, const float* logits, float* weights) {
                 divide(weights, t + 1, exponentials(logits, weights, T, largest_of(logits, t + 1)));
               });
}

}  // namespace

extern const Implementation normaliser_over_the_whole_row = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
