// The notebooks' last step: the triangle as the softmax of masked logits, here zeros. With learned logits in
// their place this is attention, so the softmax and the product are part of every run; `prepare` only lays
// out the logits. The method: kernels/attention/weighted_mean.hpp, the whole triangle first.
#include "kernels/attention/weighted_mean.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

class Plan {
 public:
  Plan(const Problem& problem, const Machine& machine)
      : T_(SequenceAxes(problem).T),
        stride_(triangle_stride(T_)),
        mean_(SequenceAxes(problem).B, T_, SequenceAxes(problem).C, problem.threads, machine) {}

  std::size_t scratch_bytes() const { return logits_bytes() + mean_.scratch_bytes(); }

  void prepare(void* scratch) const {
    float* logits = static_cast<float*>(scratch);
    for (std::int64_t t = 0; t < T_; ++t, logits += stride_) std::fill_n(logits, t + 1, 0.0f);
    mean_.prepare(behind_logits(scratch));
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    mean_.run(static_cast<const float*>(scratch), stride_, inputs[0], y, behind_logits(scratch));
  }

 private:
  /// Logits: [T, stride].
  std::size_t logits_bytes() const { return static_cast<std::size_t>(T_ * stride_) * sizeof(float); }
  void* behind_logits(void* scratch) const { return static_cast<std::byte*>(scratch) + logits_bytes(); }

  std::int64_t T_, stride_;
  WeightedMean<TileTuning{}, false> mean_;
};

}  // namespace

extern const Implementation masked_softmax = {
    .idea = "the softmax of masked logits, then the product: what attention does with learned logits",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
