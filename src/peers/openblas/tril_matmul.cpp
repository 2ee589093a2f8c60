// tril(W) x as OpenBLAS's users would compute it, one matrix of the batch after the other: by the triangular
// product (strmm, which reads W's lower triangle only and works in place, so that x is copied first) or by
// the dense one (sgemm), for which the triangle is first copied out of W; the zeros above it are there since
// the preparation.
#include "peers/openblas/library.hpp"
#include "peers/peer.hpp"
#include "peers/triangle.hpp"

namespace trilbench {
namespace {

void run_strmm(const Problem& problem, const float* const* inputs, float* y, void*) {
  openblas::multiply_each_by_triangle(problem, inputs[0], inputs[1], y);
}

void prepare_zeros(const Problem& problem, void* triangle) {
  openblas::set_threads(problem);
  std::fill_n(static_cast<std::byte*>(triangle), triangle_bytes(problem), std::byte{0});
}

void run_sgemm(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  const std::int64_t T = SequenceAxes(problem).T;
  const float* const W = inputs[0];
  float* const triangle = static_cast<float*>(workspace);
  for (std::int64_t t = 0; t < T; ++t) std::copy_n(W + t * T, t + 1, triangle + t * T);
  openblas::multiply_each(problem, triangle, inputs[1], y);
}

constexpr Implementation strmm = {
    .idea = "OpenBLAS is asked for the triangular product of W with a copy of each matrix, in place",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_strmm, nullptr, openblas::set_threads>(openblas::refuses_sequence),
};

constexpr Implementation sgemm = {
    .idea =
        "OpenBLAS is asked for the dense product of a copy of W's triangle, zeros and all, with each matrix",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_sgemm, triangle_bytes, prepare_zeros>(openblas::refuses_sequence),
};

constexpr Variant variants[] = {{"tril_matmul", "openblas_sgemm", std::nullopt, &sgemm},
                                {"tril_matmul", "openblas_strmm", std::nullopt, &strmm}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
