// The notebooks' last step: the triangle as the softmax of masked logits, here zeros. With learned logits in
// their place this is attention, so the softmax and the product are part of every run; `prepare` only lays
// out the logits. The method: kernels/attention/weighted_mean.hpp, the whole triangle first.
#include "kernels/attention/weighted_mean.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

class Plan : SequencePlan<WeightedMean<TileTuning{}, false>> {
 public:
  using SequencePlan::SequencePlan;

  std::size_t scratch_bytes() const { return logits_.bytes() + SequencePlan::scratch_bytes(); }

  void prepare(void* scratch) const {
    for (std::int64_t t = 0; t < rows(); ++t) std::fill_n(logits_.row(scratch, t), t + 1, 0.0f);
    SequencePlan::prepare(logits_.behind(scratch));
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    SequencePlan::run(logits_.in(scratch), inputs[0], y, logits_.behind(scratch));
  }

  void explain(Explanation& say) const {
    say("logits", "laid out by prepare, ", say.bytes(static_cast<std::int64_t>(logits_.bytes())));
    SequencePlan::explain(say);
  }

 private:
  OwnTriangle logits_{rows()};
};

}  // namespace

extern const Implementation masked_softmax = {
    .idea = "the softmax of masked logits, then the product: what attention does with learned logits",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
