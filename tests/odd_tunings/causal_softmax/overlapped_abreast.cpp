// overlapped with rows abreast for every length.
#include "kernels/softmax/causal_softmax.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {

extern const Implementation overlapped_abreast = tuned<std::int64_t{1} << 60, 0>();

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
