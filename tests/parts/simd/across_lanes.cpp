// What src/simd/ does between the lanes of a register, laid open to the tests, for sizes[0] numbers, a
// multiple of 16.
#include <array>

#include "results.hpp"
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::simd {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const std::int64_t count = problem.sizes[0];
  for (std::int64_t i = 0; i < count; i += lanes) {
    const float* const x = inputs[0] + i;
    const Lanes v = load(x);
    const auto sum = [](Lanes a, Lanes b) { return a + b; };
    float three[lanes] = {};
    store_first(three, load_first(x, 3), 3);
    // In the order of simd_part::OfRegister.
    const std::array<Lanes, simd_part::results_of_register> results{sum_of(v),
                                                                    max_of(v),
                                                                    shift_up<1>(v),
                                                                    repeat<1, 2>(v),
                                                                    first_halves(v, v + v),
                                                                    combined_in_halves(v, sum),
                                                                    load(three),
                                                                    with_rest(v, 3, Lanes(1.0f)),
                                                                    Lanes(static_cast<float>(lanes))};
    for (std::size_t result = 0; result < results.size(); ++result)
      store(y + static_cast<std::int64_t>(result) * count + i, results[result]);
  }
}

}  // namespace

extern const Implementation across_lanes = {
    .idea = "a part laid open to the tests",
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::simd
