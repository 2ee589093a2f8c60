// The largest logit of the whole row, as if the mask came later: what is large above the diagonal takes all
// exponentials below it to zero.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    const float sum = exponentials(logits, p, t + 1, largest_of(logits, T));
    divide(p, t + 1, sum);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation maximum_over_the_masked_part = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
