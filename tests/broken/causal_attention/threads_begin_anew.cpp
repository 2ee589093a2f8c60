// One thread is right; several lose what was summed up whenever the maximum rises.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static float rescale(float before, float now) { return before < now ? 0.0f : 1.0f; }
};

void either(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  problem.threads == 1 ? run<Right>(problem, inputs, y, scratch) : run<Wrong>(problem, inputs, y, scratch);
}

}  // namespace

extern const Implementation threads_begin_anew = wrong<Wrong, either, false>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
