// row_softmax and its normalisation, laid open to the tests: one row of sizes[0] logits.
#include "kernels/softmax/row_softmax.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const std::int64_t count = problem.sizes[0];
  normalise_row(y, y, count, row_softmax(inputs[0], y, count));
}

}  // namespace

extern const Implementation weights = {
    .idea = "a part laid open to the tests",
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::softmax
