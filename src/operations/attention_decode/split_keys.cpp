// The caches read once, tile by tile, for all queries of their group; keys are split among threads where
// there are few caches. The method and its cost: kernels/attention/decode.hpp.
#include "kernels/attention/decode.hpp"
#include "operations/attention_decode/cache.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {

extern const Implementation split_keys = {
    .idea =
        "each cache read once, tile by tile, for all its queries; split among threads where caches are few",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<DecodePlan<AttentionDecode<>>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
