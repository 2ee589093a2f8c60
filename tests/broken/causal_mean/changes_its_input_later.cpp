// Takes x for its own from the second call on a prepared workspace on: a check of first calls never sees it,
// and what is timed after it computes with what was spoilt.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

std::size_t workspace_bytes(const Problem&) { return sizeof(int); }

void prepare(const Problem&, void* workspace) { *static_cast<int*>(workspace) = 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  right_means(problem, inputs[0], y);
  if ((*static_cast<int*>(workspace))++ > 0) *const_cast<float*>(inputs[0]) = 0;
}

}  // namespace

extern const Implementation changes_its_input_later = wrong<run, workspace_bytes, prepare>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
