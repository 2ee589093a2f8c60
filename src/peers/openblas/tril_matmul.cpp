// tril(W) x as OpenBLAS's users would compute it, one matrix of the batch after the other: by the triangular
// product (strmm, which reads W's lower triangle only and works in place, so that x is copied first) or by
// the dense one (sgemm), for which the triangle is first copied out of W; the zeros above it are there since
// `prepare`.
#include <algorithm>

#include "operations/flops.hpp"
#include "operations/sequence.hpp"
#include "peers/openblas/library.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

void set_threads(const Problem& problem, void*) { openblas::library().set_num_threads(problem.threads); }

void run_strmm(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  const float* x = inputs[1];
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C) {
    std::copy_n(x, T * C, y);
    openblas::multiply_by_triangle(T, C, W, y);
  }
}

std::size_t workspace_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(SequenceAxes(problem).T);
  return T * T * sizeof(float);
}

void prepare(const Problem& problem, void* workspace) {
  set_threads(problem, workspace);
  const std::int64_t T = SequenceAxes(problem).T;
  std::fill_n(static_cast<float*>(workspace), T * T, 0.0f);
}

void run_sgemm(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = inputs[0];
  const float* x = inputs[1];
  float* const triangle = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t) std::copy_n(W + t * T, t + 1, triangle + t * T);
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C) openblas::multiply(T, C, T, triangle, x, y);
}

constexpr Implementation strmm = {
    .operation = "tril_matmul",
    .name = "openblas_strmm",
    .isa = Isa::peer,
    .idea = "OpenBLAS is asked for the triangular product of W with a copy of each matrix, in place",
    .refuses = openblas::refuses_sequence,
    .flops = triangular_product_flops,
    .prepare = set_threads,
    .run = run_strmm,
};

constexpr Implementation sgemm = {
    .operation = "tril_matmul",
    .name = "openblas_sgemm",
    .isa = Isa::peer,
    .idea =
        "OpenBLAS is asked for the dense product of a copy of W's triangle, zeros and all, with each matrix",
    .refuses = openblas::refuses_sequence,
    .workspace_bytes = workspace_bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_sgemm,
};

constexpr const Implementation* rows[] = {&sgemm, &strmm};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
