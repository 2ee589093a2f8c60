// Keeps its plan where there is room for one: right until another problem is prepared before it is used
// again. Whoever prepares afresh for every call never sees it.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

Problem planned;

void prepare(const Problem& problem, void*) { planned = problem; }

void run(const Problem&, const float* const* inputs, float* y, void*) { right_means(planned, inputs[0], y); }

}  // namespace

extern const Implementation plan_of_the_last_preparation = wrong<run, nullptr, prepare>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
