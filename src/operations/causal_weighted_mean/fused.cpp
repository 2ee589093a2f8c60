// The weights made once for the whole batch, just before their use where that pays, and left unnormalised:
// one division for each row. The method and its cost: kernels/attention/weighted_mean.hpp.
#include "kernels/attention/weighted_mean.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

class Plan {
 public:
  Plan(const Problem& problem, const Machine& machine)
      : axes_(problem), mean_(axes_.B, axes_.T, axes_.C, problem.threads, machine) {}

  std::size_t scratch_bytes() const { return mean_.scratch_bytes(); }
  void prepare(void* scratch) const { mean_.prepare(scratch); }

  void run(const float* const* inputs, float* y, void* scratch) const {
    mean_.run(inputs[0], axes_.T, inputs[1], y, scratch);
  }

 private:
  SequenceAxes axes_;
  WeightedMean<> mean_;
};

}  // namespace

extern const Implementation fused = {
    .idea = "weights made once for the whole batch and left unnormalised: one division for each row",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
