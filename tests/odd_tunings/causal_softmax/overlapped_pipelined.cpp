// overlapped with the pipeline for every length, with ordinary stores.
#include "kernels/causal_softmax.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

constexpr CausalSoftmaxTuning tuning{.longest_abreast = 0, .streaming_bytes = std::int64_t{1} << 60};

}  // namespace

extern const Implementation overlapped_pipelined = TunedCausalSoftmax<tuning>::row("overlapped_pipelined");

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
