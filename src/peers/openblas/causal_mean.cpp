// The mean as OpenBLAS's users would compute it: a product with the normalised lower triangle, by the
// triangular product (strmm, which works in place, so that x is copied first) or by the dense one (sgemm),
// one matrix of the batch after the other. `prepare` builds the triangle, as for tril_gemm.
#include <algorithm>

#include "operations/causal_mean/refusals.hpp"
#include "operations/flops.hpp"
#include "operations/sequence.hpp"
#include "peers/normalised_triangle.hpp"
#include "peers/openblas/library.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

using openblas::library;

const char* refuses(const Problem& problem) {
  const char* const why = openblas::refuses_sequence(problem);
  return why ? why : refuses_uncountable(problem);
}

void prepare(const Problem& problem, void* workspace) {
  library().set_num_threads(problem.threads);
  normalised_triangle::fill(problem, workspace);
}

void run_strmm(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = static_cast<const float*>(workspace);
  const float* x = inputs[0];
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C) {
    std::copy_n(x, T * C, y);
    openblas::multiply_by_triangle(T, C, W, y);
  }
}

void run_sgemm(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = SequenceAxes(problem);
  const float* const W = static_cast<const float*>(workspace);
  const float* x = inputs[0];
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C) openblas::multiply(T, C, T, W, x, y);
}

constexpr Implementation strmm = {
    .operation = "causal_mean",
    .name = "openblas_strmm",
    .isa = Isa::peer,
    .idea =
        "OpenBLAS is asked for the product of the normalised triangle with a copy of each matrix, in place",
    .refuses = refuses,
    .workspace_bytes = normalised_triangle::bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_strmm,
};

constexpr Implementation sgemm = {
    .operation = "causal_mean",
    .name = "openblas_sgemm",
    .isa = Isa::peer,
    .idea =
        "OpenBLAS is asked for the dense product of the normalised triangle, zeros and all, with each matrix",
    .refuses = refuses,
    .workspace_bytes = normalised_triangle::bytes,
    .flops = triangular_product_flops,
    .prepare = prepare,
    .run = run_sgemm,
};

constexpr const Implementation* rows[] = {&sgemm, &strmm};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
