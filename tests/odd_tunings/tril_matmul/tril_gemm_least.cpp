// tril_gemm with tiles of one row and one vector, as if no two rows of x stayed in a cache.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {

extern const Implementation tril_gemm_least =
    tuned<TileTuning{.vectors = 1, .accumulators = 1, .most_rows = 1}, 1>();

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
