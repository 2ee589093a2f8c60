// Divides each row but the first by the sum of the row before.
#include "weights.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  float previous = 0;
  with_weights(problem, inputs, y, static_cast<float*>(workspace),
               [&previous](std::int64_t t, const float* logits, float* weights) {
                 const float sum = exponentials(logits, weights, t + 1, largest_of(logits, t + 1));
                 divide(weights, t + 1, t == 0 ? sum : previous);
                 previous = sum;
               });
}

}  // namespace

extern const Implementation sum_of_the_previous_row = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
