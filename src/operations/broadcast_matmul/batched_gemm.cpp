// Products in register tiles, one after the other along the broadcast dimensions. The product:
// kernels/gemm/batched_gemm.hpp. Which meets which: products.hpp.
#include "kernels/gemm/batched_gemm.hpp"

#include "operations/broadcast_matmul/products.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::broadcast_matmul {
namespace {

struct Plan : BatchedGemm<Products> {
  Plan(const Problem& problem, const Machine& machine)
      : BatchedGemm(Products(problem), problem.threads, machine) {}
};

}  // namespace

extern const Implementation batched_gemm = {
    .idea = "products in register tiles, whatever is broadcast read where it lies",
    .flops = {.per_term = 2},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::broadcast_matmul
