// Right in the first call after `prepare`, and then always one call behind: a double buffer swapped at the
// wrong end. Whoever prepares afresh for every call never sees it.
#include <algorithm>

#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  return static_cast<std::size_t>(1 + elements(problem)) * sizeof(float);
}

void prepare(const Problem&, void* workspace) { *static_cast<float*>(workspace) = 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  float* called = static_cast<float*>(workspace);
  float* kept = called + 1;
  right_means(problem, inputs[0], y);
  if (*called == 0) std::copy_n(y, elements(problem), kept);
  std::swap_ranges(y, y + elements(problem), kept);
  *called = 1;
}

}  // namespace

extern const Implementation result_of_the_previous_call = wrong<run, workspace_bytes, prepare>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
