// fused in panels of one tile, however large x is.
#include "tuned.hpp"

#include "kernels/weighted_mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

constexpr WeightedMeanTuning tuning{.panel_bytes = 1, .batch_bytes = std::int64_t{1} << 62};

}  // namespace

extern const Implementation fused_in_panels = TunedFused<tuning>::row("fused_in_panels");

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
