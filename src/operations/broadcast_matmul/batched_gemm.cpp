// Products in register tiles, one after the other along the broadcast dimensions. The product:
// kernels/gemm/batched_gemm.hpp. Which meets which: kernels/gemm/product_batch.hpp.
#include "operations/broadcast_matmul/batched_gemm.hpp"

#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {

extern const Implementation batched_gemm = {
    .idea = "products in register tiles, whatever is broadcast read where it lies",
    .flops = {.per_term = 2},
    .kernel = kernel_of<BroadcastGemm<>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
