// prefix_mean with sizes that divide nothing, pieces of a sequence that are cut everywhere, and every store
// streamed.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {

extern const Implementation prefix_mean_odd =
    tuned_prefix_mean<PrefixMeanTuning{.block_rows = 5, .register_vectors = 2, .panel_vectors = 5},
                      caches_of(2000, 0)>();

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
