// exp_of_nonpositive, laid open to the tests: y[i] = e^x[i] for sizes[0] numbers, a multiple of 16.
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::softmax {
namespace {

double flops(const Problem& problem) { return static_cast<double>(problem.sizes[0]); }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  for (std::int64_t i = 0; i < problem.sizes[0]; i += lanes)
    store(y + i, exp_of_nonpositive(load(inputs[0] + i)));
}

}  // namespace

extern const Implementation exponential = {
    .operation = "softmax",
    .name = "exponential",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "a part laid open to the tests",
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::softmax
