// Uses the first element of x as a flag and puts it back. No value is wrong, until two threads share x or its
// page is read-only.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  auto* flag = const_cast<volatile float*>(inputs[0]);
  const float saved = *flag;
  *flag = 1;
  *flag = saved;
  right_means(problem, inputs[0], y);
}

}  // namespace

extern const Implementation borrows_its_input = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
