// split_keys with one key abreast, sums in one register, and tiles of eight keys or one register's.
#include "kernels/attention/decode.hpp"
#include "operations/attention_decode/cache.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {

constexpr DecodeTuning least{.keys_abreast = 1, .at_hand = 2, .most_keys = lanes > 8 ? lanes : 8};

extern const Implementation split_keys_least = {
    .idea = "split_keys with the least tuning",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<DecodePlan<AttentionDecode<least>>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
