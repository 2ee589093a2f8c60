// Reads a whole register of four where a row ends, though it uses the logits only: the last row ends at the
// end of W.
#include "../softmax.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  each_row(problem, inputs[0], P, [](const float* logits, float* p, std::int64_t t, std::int64_t T) {
    const std::int64_t whole = (t + 4) / 4 * 4;
    float row[8192];
    for (std::int64_t k = 0; k < whole; ++k) row[k] = static_cast<const volatile float*>(logits)[k];
    right_softmax(row, p, t + 1);
    clear(p, t + 1, T);
  });
}

}  // namespace

extern const Implementation reads_past_the_end = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
