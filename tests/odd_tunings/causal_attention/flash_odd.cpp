// flash with tiles of sizes that divide nothing.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {

extern const Implementation flash_odd =
    tuned<FlashTuning{.accumulators = 10, .query_vectors = 2, .value_vectors = 3, .most_keys = 37}>();

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
