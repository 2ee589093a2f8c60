// The mean as OpenBLAS's users would compute it: a product with the normalised lower triangle, by the
// triangular product (strmm, which works in place, so that x is copied first) or by the dense one (sgemm),
// one matrix of the batch after the other. Preparation builds the triangle, as for tril_gemm.
#include "peers/openblas/library.hpp"
#include "peers/peer.hpp"
#include "peers/triangle.hpp"

namespace trilbench {
namespace {

void prepare(const Problem& problem, void* triangle) {
  openblas::set_threads(problem);
  fill_normalised_triangle(problem, triangle);
}

void run_strmm(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  openblas::multiply_each_by_triangle(problem, static_cast<const float*>(triangle), inputs[0], y);
}

void run_sgemm(const Problem& problem, const float* const* inputs, float* y, void* triangle) {
  openblas::multiply_each(problem, static_cast<const float*>(triangle), inputs[0], y);
}

constexpr Implementation strmm = {
    .idea =
        "OpenBLAS is asked for the product of the normalised triangle with a copy of each matrix, in place",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_strmm, triangle_bytes, prepare>(openblas::refuses_sequence),
};

constexpr Implementation sgemm = {
    .idea =
        "OpenBLAS is asked for the dense product of the normalised triangle, zeros and all, with each matrix",
    .flops = {.per_term = 2},
    .kernel = kernel_of_functions<run_sgemm, triangle_bytes, prepare>(openblas::refuses_sequence),
};

constexpr Variant variants[] = {{"causal_mean", "openblas_sgemm", std::nullopt, &sgemm},
                                {"causal_mean", "openblas_strmm", std::nullopt, &strmm}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
