// The softmax of the whole row, masked afterwards: the weights do not add up to one.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    const float sum = exponentials(logits, p, T, largest_of(logits, T));
    divide(p, t + 1, sum);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation normaliser_over_the_whole_row = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
