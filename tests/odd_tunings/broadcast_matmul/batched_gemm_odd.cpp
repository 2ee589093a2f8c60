// batched_gemm with tiles of sizes that divide nothing, and strips packed in several pieces.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

extern const Implementation batched_gemm_odd =
    tuned<BatchedGemmTuning{.tile = {.vectors = 3, .accumulators = 10, .most_rows = 7},
                            .least_packed_rows = 5},
          500, 3328>();

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
