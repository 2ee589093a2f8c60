// One product with the given lower triangle, W where it lies: its rows are T floats apart, and what is above
// the diagonal is never read. The product: kernels/gemm/triangular_gemm.hpp.
#include "kernels/gemm/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {

extern const Implementation tril_gemm = {
    .idea = "a product with the lower triangle, in register tiles that stop at the diagonal",
    .flops = {.per_term = 2},
    .kernel = kernel_of<SequencePlan<TriangularGemm<>>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
