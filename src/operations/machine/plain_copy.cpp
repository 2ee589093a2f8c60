// A copy as anyone would write it, but for an addition of -0, which changes no bit. The compiler does not
// know that it is -0, and so keeps the loop: g++ would turn a bare one into a call of memcpy, and the row of
// every instruction set would time the C library.
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const volatile float hidden = -0.0f;
  const float minus_zero = hidden;
  const float* x = inputs[0];
  for (std::int64_t i = 0; i < problem.sizes[0]; ++i) y[i] = x[i] + minus_zero;
}

}  // namespace

extern const Implementation plain_copy = {
    .idea = "y[i] = x[i] in a loop",
    .one_thread = true,
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
