// tril_gemm with tiles of sizes that divide nothing.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {

extern const Implementation tril_gemm_odd =
    tuned<TileTuning{.vectors = 3, .accumulators = 15, .most_rows = 7}, 12000>();

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
