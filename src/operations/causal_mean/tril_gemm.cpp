// The notebooks' trick: the mean as one product with a normalised lower triangle, W[t, k] = 1 / (t + 1) for k
// <= t, which depends on the sizes alone, so that `prepare` builds it. The product:
// kernels/gemm/triangular_gemm.hpp.
#include "kernels/gemm/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

class Plan : SequencePlan<TriangularGemm<>> {
 public:
  using SequencePlan::SequencePlan;

  std::size_t scratch_bytes() const { return W_.bytes() + SequencePlan::scratch_bytes(); }

  void prepare(void* scratch) const {
    for (std::int64_t t = 0; t < rows(); ++t)
      std::fill_n(W_.row(scratch, t), t + 1, 1.0f / static_cast<float>(t + 1));
    SequencePlan::prepare(W_.behind(scratch));
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    SequencePlan::run(W_.in(scratch), inputs[0], y, W_.behind(scratch));
  }

  void explain(Explanation& say) const {
    say("W", "built by prepare, ", say.bytes(static_cast<std::int64_t>(W_.bytes())));
    SequencePlan::explain(say);
  }

 private:
  OwnTriangle W_{rows()};
};

}  // namespace

extern const Implementation tril_gemm = {
    .idea = "a product with the normalised lower triangle, in register tiles that stop at the diagonal",
    .flops = {.per_term = 2},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
