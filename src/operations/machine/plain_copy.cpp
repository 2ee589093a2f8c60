// A copy as anyone would write it, but for an addition of -0, which changes no bit. The compiler does not
// know that it is -0, and so keeps the loop: g++ would turn a bare one into a call of memcpy, and the row of
// every instruction set would time the C library.
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

double flops(const Problem&) { return 0; }

const char* refuses(const Problem& problem) { return problem.threads > 1 ? "runs on one thread" : nullptr; }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const volatile float hidden = -0.0f;
  const float minus_zero = hidden;
  const float* x = inputs[0];
  for (std::int64_t i = 0; i < problem.sizes[0]; ++i) y[i] = x[i] + minus_zero;
}

}  // namespace

extern const Implementation plain_copy = {
    .operation = "machine",
    .name = "plain_copy",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "y[i] = x[i] in a loop",
    .refuses = refuses,
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::machine
