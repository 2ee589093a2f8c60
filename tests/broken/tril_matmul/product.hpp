// What the wrong kernels share: the right way, so that each is wrong in one place only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {

/// weights[0] x[0, c] + ... + weights[count - 1] x[count - 1, c] for each of C columns; the weights lie
/// `step` apart.
inline void weigh(const float* weights, const float* x, float* y, std::int64_t count, std::int64_t C,
                  std::int64_t step = 1) {
  for (std::int64_t c = 0; c < C; ++c) {
    y[c] = 0;
    for (std::int64_t k = 0; k < count; ++k) y[c] += weights[k * step] * x[k * C + c];
  }
}

/// Calls row(x, y, b, t) for each row: the first one of its x, and its own of y.
template <class Row>
void each_row(const Problem& problem, const float* x, float* y, const Row& row) {
  const auto [B, T, C] = SequenceAxes(problem);
  for (std::int64_t b = 0; b < B; ++b)
    for (std::int64_t t = 0; t < T; ++t) row(x + b * T * C, y + (b * T + t) * C, b, t);
}

template <auto run, auto scratch_bytes = nullptr, auto prepare = nullptr>
constexpr Implementation wrong{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 2},
    .one_thread = true,
    .kernel = kernel_of_functions<run, scratch_bytes, prepare>(),
};

template <auto run, auto scratch_bytes = nullptr>
constexpr Implementation wrong_with_threads{
    .idea = "wrong on purpose: its file says how",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run, scratch_bytes>(),
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
