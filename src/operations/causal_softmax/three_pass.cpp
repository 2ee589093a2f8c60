// A row in three passes: the largest logit, the exponentials and their sum, the quotients; in lanes. The
// passes: kernels/softmax/row_softmax.hpp.
#include "kernels/softmax/causal_softmax.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

[[gnu::flatten]] void softmax(const float* logits, float* p, std::int64_t count) {
  normalise_row(p, p, count, row_softmax(logits, p, count));
}

struct Plan : RowByRow<softmax> {
  Plan(const Problem& problem, const Machine&) : RowByRow(problem.sizes[0], problem.threads) {}
};

}  // namespace

extern const Implementation three_pass = {
    .idea = "the largest logit; exponentials and their sum; quotients: three passes over each row, in lanes",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
