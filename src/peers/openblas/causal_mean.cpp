// The mean as OpenBLAS's users would compute it: a product with the normalised lower triangle, by the
// triangular product (strmm, which works in place, so that x is copied first) or by the dense one (sgemm),
// one matrix of the batch after the other. `prepare` builds the triangle, as for tril_gemm.
#include <algorithm>
#include <limits>

#include "operations/causal_mean/axes.hpp"
#include "peers/openblas/library.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

using openblas::library;

const char* refuses(const Problem& problem) {
  if (!library().missing.empty()) return library().missing.c_str();
  const auto [B, T, C] = CausalMeanAxes(problem);
  if (std::max(T, C) > std::numeric_limits<int>::max()) return "this BLAS counts with 32 bits";
  if (problem.threads > 1 && !library().threaded) return "this OpenBLAS was built for one thread";
  return refuses_uncountable(problem);
}

std::size_t workspace_bytes(const Problem& problem) {
  const auto T = static_cast<std::size_t>(CausalMeanAxes(problem).T);
  return T * T * sizeof(float);
}

// Those of the triangle, for both: a dense product does twice as many and more.
double flops(const Problem& problem) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  return static_cast<double>(B * C) * static_cast<double>(T) * static_cast<double>(T + 1);
}

void prepare(const Problem& problem, void* workspace) {
  library().set_num_threads(problem.threads);
  const std::int64_t T = CausalMeanAxes(problem).T;
  float* W = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t, W += T) {
    std::fill_n(W, t + 1, 1.0f / static_cast<float>(t + 1));
    std::fill(W + t + 1, W + T, 0.0f);
  }
}

void run_strmm(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  const auto rows = static_cast<int>(T), columns = static_cast<int>(C);
  const float* const W = static_cast<const float*>(workspace);
  const float* x = inputs[0];
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C) {
    std::copy_n(x, T * C, y);
    library().strmm(openblas::row_major, openblas::left, openblas::lower, openblas::no_transpose,
                    openblas::non_unit, rows, columns, 1.0f, W, rows, y, columns);
  }
}

void run_sgemm(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const auto [B, T, C] = CausalMeanAxes(problem);
  const auto rows = static_cast<int>(T), columns = static_cast<int>(C);
  const float* const W = static_cast<const float*>(workspace);
  const float* x = inputs[0];
  for (std::int64_t b = 0; b < B; ++b, x += T * C, y += T * C)
    library().sgemm(openblas::row_major, openblas::no_transpose, openblas::no_transpose, rows, columns, rows,
                    1.0f, W, rows, x, columns, 0.0f, y, columns);
}

constexpr Implementation strmm = {
    .operation = "causal_mean",
    .name = "openblas_strmm",
    .isa = Isa::peer,
    .idea =
        "OpenBLAS is asked for the product of the normalised triangle with a copy of each matrix, in place",
    .refuses = refuses,
    .workspace_bytes = workspace_bytes,
    .flops = flops,
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
    .workspace_bytes = workspace_bytes,
    .flops = flops,
    .prepare = prepare,
    .run = run_sgemm,
};

constexpr const Implementation* rows[] = {&sgemm, &strmm};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

std::string peer_library() { return library().missing.empty() ? library().description : library().missing; }

}  // namespace trilbench
