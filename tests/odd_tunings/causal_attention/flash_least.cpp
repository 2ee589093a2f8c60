// flash with tiles of one key, or of one query, and one vector.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {

extern const Implementation flash_least =
    tuned<FlashTuning{.accumulators = 1, .query_vectors = 1, .value_vectors = 1, .most_keys = 8}>();

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
