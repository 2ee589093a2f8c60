// fused in panels of one tile, however large x is.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {

extern const Implementation fused_in_panels = tuned<TileTuning{}, 1, std::int64_t{1} << 60>();

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
