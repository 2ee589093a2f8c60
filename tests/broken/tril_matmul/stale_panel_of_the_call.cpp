// Packs x in the first call, and finds it packed in all later ones. Whoever prepares afresh for every call
// never sees it.
#include <algorithm>

#include "product.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

std::size_t workspace_bytes(const Problem& problem) {
  const auto [B, T, C] = SequenceAxes(problem);
  return static_cast<std::size_t>(1 + B * T * C) * sizeof(float);
}

void prepare(const Problem&, void* workspace) { *static_cast<float*>(workspace) = 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  auto* const packed = static_cast<float*>(workspace);
  if (*packed == 0) std::copy_n(inputs[1], B * T * C, packed + 1);
  *packed = 1;
  each_row(problem, packed + 1, y,
           [&, T = T, C = C](const float* x, float* to, std::int64_t, std::int64_t t) {
             weigh(inputs[0] + t * T, x, to, t + 1, C);
           });
}

}  // namespace

extern const Implementation stale_panel_of_the_call = {
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run, workspace_bytes, prepare>(),
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
