// One product with the given lower triangle, W where it lies: its rows are T floats apart, and what is above
// the diagonal is never read. The product: kernels/gemm/triangular_gemm.hpp.
#include "kernels/gemm/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

class Plan {
 public:
  Plan(const Problem& problem, const Machine& machine)
      : axes_(problem), threads_(problem.threads), product_(axes_.B, axes_.T, axes_.C, threads_, machine) {}

  std::size_t scratch_bytes() const { return product_.scratch_bytes(); }
  void prepare(void* scratch) const { product_.prepare(scratch); }

  void run(const float* const* inputs, float* y, void* scratch) const {
    const Triangle W{inputs[0], axes_.T};
    parallel(threads_, [&](Team team) { product_.run(team, W, inputs[1], y, scratch); });
  }

 private:
  SequenceAxes axes_;
  int threads_;
  TriangularGemm<> product_;
};

}  // namespace

extern const Implementation tril_gemm = {
    .idea = "a product with the lower triangle, in register tiles that stop at the diagonal",
    .flops = {.per_term = 2},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
