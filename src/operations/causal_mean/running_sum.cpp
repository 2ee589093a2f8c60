// What anyone would write after a minute's thought: keep the sum of each channel and divide as it grows.
//
// Cost: B T C additions and as many divisions; x is read once and y written once.
// Roundings: t additions and a division, t + 1 in all.
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

std::size_t workspace_bytes(const Problem& problem) { return SequenceAxes(problem).C * sizeof(float); }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* x = inputs[0];
  float* sum = static_cast<float*>(workspace);
  for (std::int64_t b = 0; b < B; ++b) {
    for (std::int64_t c = 0; c < C; ++c) sum[c] = 0;
    for (std::int64_t t = 0; t < T; ++t, x += C, y += C) {
      for (std::int64_t c = 0; c < C; ++c) {
        sum[c] += x[c];
        y[c] = sum[c] / static_cast<float>(t + 1);
      }
    }
  }
}

}  // namespace

extern const Implementation running_sum = {
    .idea = "one running sum for each channel, O(T)",
    .flops = {.per_output = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
