// overlapped with the pipeline for every length, with ordinary stores.
#include "kernels/softmax/causal_softmax.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {

extern const Implementation overlapped_pipelined = tuned<0, std::int64_t{1} << 60>();

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
