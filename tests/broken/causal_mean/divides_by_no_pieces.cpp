// Cuts rows into pieces of eight columns, and divides the work by their number: none, where there are fewer.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

int quotient(int dividend, int divisor) {
#if defined(__x86_64__)
  // Written so that no sanitizer sees it before the CPU does.
  asm volatile("cltd; idivl %1" : "+a"(dividend) : "r"(divisor) : "edx", "cc");
  return dividend;
#else
  if (divisor == 0) __builtin_trap();  // other CPUs give 0
  return dividend / divisor;
#endif
}

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto pieces = static_cast<int>(SequenceAxes(problem).C / 8);
  static_cast<void>(quotient(static_cast<int>(elements(problem)), pieces));
  right_means(problem, inputs[0], y);
}

}  // namespace

extern const Implementation divides_by_no_pieces = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
