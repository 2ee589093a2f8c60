// fused with the whole triangle in the workspace, however small x is, and tiles of one row and one vector.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

extern const Implementation fused_whole =
    tuned<TileTuning{.vectors = 1, .accumulators = 1, .most_rows = 1}, 1, 1>();

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
