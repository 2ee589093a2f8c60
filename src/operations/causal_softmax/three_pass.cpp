// A row in three passes: the largest logit, the exponentials and their sum, the quotients; in lanes. The
// first two: kernels/softmax/row_softmax.hpp.
#include "kernels/parallel.hpp"
#include "kernels/shares.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

void run(const Problem& problem, const float* const* inputs, float* P, void*) {
  const std::int64_t T = problem.sizes[0];
  const float* W = inputs[0];
  parallel(problem.threads, [&](Team team) {
    team.each_part(problem.threads, [&](int part) {
      const std::int64_t end = masked_rows_share(T, 1, 0.5, part + 1, problem.threads);
      for (std::int64_t t = masked_rows_share(T, 1, 0.5, part, problem.threads); t < end; ++t) {
        float* const p = P + t * T;
        normalise_row(p, p, t + 1, row_softmax(W + t * T, p, t + 1));
        clear_row(p + t + 1, T - t - 1);
      }
    });
  });
}

}  // namespace

extern const Implementation three_pass = {
    .idea = "the largest logit; exponentials and their sum; quotients: three passes over each row, in lanes",
    .flops = {.per_term = flops_of_exponential + 4},
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
