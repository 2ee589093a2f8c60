// Two kernels one after the other, as a user of a library calls them: the causal softmax P of the logits,
// normalised, into the workspace; then its product with x. The softmax: kernels/softmax/row_softmax.hpp. The
// product: kernels/gemm/triangular_gemm.hpp.
#include "kernels/gemm/triangular_gemm.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "operations/sequence.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_weighted_mean {
namespace {

class Plan {
 public:
  Plan(const Problem& problem, const Machine& machine)
      : T_(SequenceAxes(problem).T),
        stride_(triangle_stride(T_)),
        rows_(problem.threads),
        product_(SequenceAxes(problem).B, T_, SequenceAxes(problem).C, problem.threads, machine) {}

  std::size_t scratch_bytes() const { return rows_.bytes() + P_bytes() + product_.scratch_bytes(); }

  void prepare(void* scratch) const {
    rows_.prepare(scratch, [this](int part) { return part_of_triangles(1, T_, 1, part, rows_.parts()); });
    product_.prepare(rows_.behind(scratch) + P_bytes());
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    float* const P = reinterpret_cast<float*>(rows_.behind(scratch));
    parallel(rows_.parts(), [&](Team team) {
      rows_.each_part(team, scratch, [&](Range range, int) {
        for (std::int64_t t = range.begin; t < range.end; ++t) {
          float* const p = P + t * stride_;
          normalise_row(p, p, t + 1, row_softmax(inputs[0] + t * T_, p, t + 1));
        }
      });
      team.barrier();
      product_.run(team, {P, stride_}, inputs[1], y, rows_.behind(scratch) + P_bytes());
    });
  }

 private:
  /// P: [T, stride].
  std::size_t P_bytes() const { return static_cast<std::size_t>(T_ * stride_) * sizeof(float); }

  std::int64_t T_, stride_;
  PartTable<Range> rows_;
  TriangularGemm<> product_;
};

}  // namespace

extern const Implementation softmax_gemm = {
    .idea = "two kernels one after the other: the softmax of the triangle, then the product with it",
    .flops = {.per_term = 2, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_weighted_mean
