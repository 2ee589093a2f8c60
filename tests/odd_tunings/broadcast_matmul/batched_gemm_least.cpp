// batched_gemm with tiles of one row and two vectors, and every Y packed, a term at a time.
#include "tuned.hpp"

#include "kernels/batched_gemm.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

constexpr BatchedGemmTuning tuning{.tile_vectors = 2,
                                   .accumulators = 2,
                                   .most_rows = 1,
                                   .least_packed_bytes = 0,
                                   .least_packed_rows = 1,
                                   .packed_terms = 1};

}  // namespace

extern const Implementation batched_gemm_least = TunedBatchedGemm<tuning>::row("batched_gemm_least");

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
