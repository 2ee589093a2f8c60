// Right for 999 calls on one prepared workspace: a counter or a ring buffer that runs over. A verifier that
// looks at the first calls never sees it.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

std::size_t workspace_bytes(const Problem&) { return sizeof(int); }

void prepare(const Problem&, void* workspace) { *static_cast<int*>(workspace) = 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  right_means(problem, inputs[0], y);
  if (++*static_cast<int*>(workspace) >= 1000) y[elements(problem) - 1] = 0;
}

}  // namespace

extern const Implementation wrong_after_a_thousand_calls = wrong<run, workspace_bytes, prepare>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
