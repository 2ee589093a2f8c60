// batched_gemm with tiles of sizes that divide nothing, and strips packed in several pieces.
#include "tuned.hpp"

#include "kernels/batched_gemm.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

constexpr BatchedGemmTuning tuning{.tile_vectors = 3,
                                   .accumulators = 10,
                                   .most_rows = 7,
                                   .least_packed_bytes = 1000,
                                   .least_packed_rows = 5,
                                   .packed_terms = 13};

}  // namespace

extern const Implementation batched_gemm_odd = TunedBatchedGemm<tuning>::row("batched_gemm_odd");

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
