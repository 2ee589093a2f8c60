// overlapped with the pipeline for every length, with streaming stores.
#include "kernels/causal_softmax.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

constexpr CausalSoftmaxTuning tuning{.longest_abreast = 0, .streaming_bytes = 0};

}  // namespace

extern const Implementation overlapped_streaming = TunedCausalSoftmax<tuning>::row("overlapped_streaming");

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
