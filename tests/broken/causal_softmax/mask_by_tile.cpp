// The mask ends at the end of a tile of four, not at the diagonal.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    const std::int64_t end = t / 4 * 4 + 4 < T ? t / 4 * 4 + 4 : T;
    right_softmax(logits, p, end);
    clear(p, end, T);
  });
}

}  // namespace

extern const Implementation mask_by_tile = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
