// overlapped with rows abreast for every length.
#include "kernels/causal_softmax.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

constexpr CausalSoftmaxTuning tuning{.longest_abreast = std::int64_t{1} << 60};

}  // namespace

extern const Implementation overlapped_abreast = TunedCausalSoftmax<tuning>::row("overlapped_abreast");

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
