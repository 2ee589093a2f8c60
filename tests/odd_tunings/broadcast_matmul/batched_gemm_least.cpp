// batched_gemm with tiles of one row and two vectors, and every Y packed, a term at a time.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

extern const Implementation batched_gemm_least =
    tuned<BatchedGemmTuning{.tile = {.vectors = 2, .accumulators = 2, .most_rows = 1},
                            .least_packed_rows = 1},
          1, 1>();

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
