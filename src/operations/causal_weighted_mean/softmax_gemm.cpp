// Two kernels one after the other, as a user of a library calls them: the causal softmax P of the logits,
// normalised, into the workspace; then its product with x. The softmax: kernels/softmax/row_softmax.hpp. The
// product: kernels/gemm/triangular_gemm.hpp.
#include "kernels/gemm/triangular_gemm.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

class Plan : SequencePlan<TriangularGemm<>> {
 public:
  Plan(const Problem& problem, const Machine& machine)
      : SequencePlan(problem, machine), parts_(problem.threads) {}

  std::size_t scratch_bytes() const { return P_.bytes() + parts_.bytes() + SequencePlan::scratch_bytes(); }

  void prepare(void* scratch) const {
    void* const parts = P_.behind(scratch);
    parts_.prepare(parts, [this](int part) { return part_of_triangles(1, rows(), 1, part, parts_.parts()); });
    SequencePlan::prepare(parts_.behind(parts));
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    void* const parts = P_.behind(scratch);
    parallel(parts_.parts(), [&](Team team) {
      parts_.each_part(team, parts, [&](Range range, int) {
        for (std::int64_t t = range.begin; t < range.end; ++t) {
          float* const p = P_.row(scratch, t);
          normalise_row(p, p, t + 1, row_softmax(inputs[0] + t * rows(), p, t + 1));
        }
      });
      team.barrier();
      SequencePlan::run(team, P_.in(scratch), inputs[1], y, parts_.behind(parts));
    });
  }

  void explain(Explanation& say) const {
    say("P", "the whole triangle first, ", say.bytes(static_cast<std::int64_t>(P_.bytes())));
    SequencePlan::explain(say);
  }

 private:
  OwnTriangle P_{rows()};
  PartTable<Range> parts_;
};

}  // namespace

extern const Implementation softmax_gemm = {
    .idea = "two kernels one after the other: the softmax of the triangle, then the product with it",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
