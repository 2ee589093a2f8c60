// The notebooks' trick: the mean as one product with a normalised lower triangle, W[t, k] = 1 / (t + 1) for k
// <= t, which depends on the sizes alone, so that `prepare` builds it. The product:
// kernels/gemm/triangular_gemm.hpp.
#include "kernels/gemm/triangular_gemm.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

class Plan {
 public:
  Plan(const Problem& problem, const Machine& machine)
      : T_(SequenceAxes(problem).T),
        threads_(problem.threads),
        stride_(triangle_stride(T_)),
        product_(SequenceAxes(problem).B, T_, SequenceAxes(problem).C, threads_, machine) {}

  std::size_t scratch_bytes() const { return W_bytes() + product_.scratch_bytes(); }

  void prepare(void* scratch) const {
    float* W = static_cast<float*>(scratch);
    for (std::int64_t t = 0; t < T_; ++t, W += stride_)
      std::fill_n(W, t + 1, 1.0f / static_cast<float>(t + 1));
    product_.prepare(behind_W(scratch));
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    const Triangle W{static_cast<const float*>(scratch), stride_};
    parallel(threads_, [&](Team team) { product_.run(team, W, inputs[0], y, behind_W(scratch)); });
  }

 private:
  /// W: [T, stride].
  std::size_t W_bytes() const { return static_cast<std::size_t>(T_ * stride_) * sizeof(float); }
  void* behind_W(void* scratch) const { return static_cast<std::byte*>(scratch) + W_bytes(); }

  std::int64_t T_;
  int threads_;
  std::int64_t stride_;
  TriangularGemm<> product_;
};

}  // namespace

extern const Implementation tril_gemm = {
    .idea = "a product with the normalised lower triangle, in register tiles that stop at the diagonal",
    .flops = {.per_term = 2},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
