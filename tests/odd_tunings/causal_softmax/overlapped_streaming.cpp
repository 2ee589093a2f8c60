// overlapped with the pipeline for every length, with streaming stores.
#include "kernels/softmax/causal_softmax.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {

extern const Implementation overlapped_streaming = tuned<0, 0>();

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
