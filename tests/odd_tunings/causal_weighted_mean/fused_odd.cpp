// fused with tiles of sizes that divide nothing, in panels of a few tiles as long as x is small.
#include "tuned.hpp"

#include "kernels/weighted_mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

constexpr WeightedMeanTuning tuning{.product = {.tile_rows = 5, .tile_vectors = 3, .cached_bytes = 10000},
                                    .panel_bytes = 7000,
                                    .batch_bytes = 9000};

}  // namespace

extern const Implementation fused_odd = TunedFused<tuning>::row("fused_odd");

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
