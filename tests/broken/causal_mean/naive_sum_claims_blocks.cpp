// A plain running sum that declares the error of sums in blocks of 256. On random data it keeps its promise;
// on a constant that float32 cannot hold, every rounding of a long sum errs to the same side.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

double roundings(const Problem& problem, std::int64_t row) {
  const std::int64_t t = row % SequenceAxes(problem).T;
  return 256.0 + static_cast<double>((t + 256) / 256) + 3;
}

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  right_means(problem, inputs[0], y);
}

}  // namespace

extern const Implementation naive_sum_claims_blocks = {
    .operation = "causal_mean",
    .name = "naive_sum_claims_blocks",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "wrong on purpose: its file says how",
    .refuses = one_thread,
    .flops = flops,
    .roundings = roundings,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
