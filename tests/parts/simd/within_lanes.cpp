// The arithmetic of src/simd/, laid open to the tests, for sizes[0] triples of numbers, a multiple of 16.
#include <array>

#include "results.hpp"
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::simd {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const std::int64_t count = problem.sizes[0];
  for (std::int64_t i = 0; i < count; i += lanes) {
    const Lanes a = load(inputs[0] + i), b = load(inputs[1] + i), c = load(inputs[2] + i);
    // In the order of simd_part::OfLanes.
    const std::array<Lanes, simd_part::results_of_lanes> results{a + b,        a - b,        a * b,
                                                                 divide(a, b), fma(a, b, c), max(a, b)};
    for (std::size_t result = 0; result < results.size(); ++result)
      store(y + static_cast<std::int64_t>(result) * count + i, results[result]);
  }
}

}  // namespace

extern const Implementation within_lanes = {
    .idea = "a part laid open to the tests",
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::simd
