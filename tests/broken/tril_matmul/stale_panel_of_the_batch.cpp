// Packs x of the first matrix, and multiplies the others with what was packed then.
#include <algorithm>

#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return static_cast<std::size_t>(T * C) * sizeof(float);
}

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  auto* const panel = static_cast<float*>(workspace);
  each_row(problem, inputs[1], y,
           [&, T = T, C = C](const float* x, float* to, std::int64_t b, std::int64_t t) {
             if (b == 0 && t == 0) std::copy_n(x, T * C, panel);
             weigh(inputs[0] + t * T, panel, to, t + 1, C);
           });
}

}  // namespace

extern const Implementation stale_panel_of_the_batch = {
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run, workspace_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
