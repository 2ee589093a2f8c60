// prefix_mean with sizes that divide nothing, pieces of a sequence that are cut everywhere, and every store
// streamed.
#include "kernels/prefix_mean.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr PrefixMeanTuning tuning{
    .block_rows = 5, .register_vectors = 2, .panel_vectors = 3, .chunk_bytes = 1000, .streaming_bytes = 0};

}  // namespace

extern const Implementation prefix_mean_odd = TunedPrefixMean<tuning>::row("prefix_mean_odd");

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
