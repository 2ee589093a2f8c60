// A row of nothing but minus infinity gives zeros, as some libraries have it, where PyTorch says NaN.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    const float m = largest_of(logits, t + 1);
    if (m == -HUGE_VALF) return clear(p, 0, T);
    right_softmax(logits, p, t + 1);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation masked_row_of_zeros = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
