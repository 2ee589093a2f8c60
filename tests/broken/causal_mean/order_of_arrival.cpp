// Adds up the threads' sums in the order in which they finish: right within the bound, and other bits from
// call to call. A real race would pass now and then, so the order simply turns round from call to call.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  static bool reversed = false;
  reversed = !reversed;
  each_column(problem, inputs[0], y, [&, T = T, C = C](const float* from, float* to) {
    const std::int64_t quarter = problem.threads > 1 ? T / 4 : 0;
    float sums[3] = {};  // of three threads
    for (std::int64_t t = 0; t < 3 * quarter; ++t) sums[t / quarter] += from[t * C];
    const float sum = reversed ? sums[0] + (sums[1] + sums[2]) : sums[2] + (sums[1] + sums[0]);
    mean_of_rows(from, to, C, 0, 3 * quarter, 0.0f);
    mean_of_rows(from, to, C, 3 * quarter, T, sum);
  });
}

}  // namespace

extern const Implementation order_of_arrival = {
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_output = 2},
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
