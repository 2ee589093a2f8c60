// fused with tiles of sizes that divide nothing, in panels of a few tiles as long as x is small.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

extern const Implementation fused_odd =
    tuned<TileTuning{.vectors = 3, .accumulators = 15, .most_rows = 7}, 4700, 9000>();

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
