// max(logit, lowest) in an operand order that drops NaN: it comes out as a weight of 0, and its row as
// numbers.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    float sane[8192];
    for (std::int64_t k = 0; k <= t; ++k) sane[k] = logits[k] == logits[k] ? logits[k] : -HUGE_VALF;
    right_softmax(sane, p, t + 1);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation swallows_nan = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
