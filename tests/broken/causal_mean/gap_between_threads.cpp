// The part of each thread but the first begins one row late: nobody adds that row to the sums.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  each_column(problem, inputs[0], y, [&, T = T, C = C](const float* from, float* to) {
    const std::int64_t second = problem.threads > 1 ? T / 2 : 0;
    float sum = mean_of_rows(from, to, C, 0, second, 0.0f);
    if (second > 0) to[second * C] = (sum + from[second * C]) / static_cast<float>(second + 1);
    mean_of_rows(from, to, C, second > 0 ? second + 1 : 0, T, sum);
  });
}

}  // namespace

extern const Implementation gap_between_threads = {
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_output = 2},
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
