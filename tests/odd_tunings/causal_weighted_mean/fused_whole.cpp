// fused with the whole triangle in the workspace, however small x is, and tiles of one row and one vector.
#include "tuned.hpp"

#include "kernels/weighted_mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

constexpr WeightedMeanTuning tuning{.product = {.tile_rows = 1, .tile_vectors = 1, .cached_bytes = 1},
                                    .batch_bytes = 0};

}  // namespace

extern const Implementation fused_whole = TunedFused<tuning>::row("fused_whole");

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
