// Stores a whole vector as an aligned one, which it is in every buffer that begins or ends on one.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void touch_aligned(float* y) {
#if defined(__x86_64__)
  asm volatile("movaps (%0), %%xmm0; movaps %%xmm0, (%0)" : : "r"(y) : "xmm0", "memory");
#else
  if (reinterpret_cast<std::uintptr_t>(y) % 16 != 0) __builtin_trap();  // other CPUs may allow it
#endif
}

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  right_means(problem, inputs[0], y);
  touch_aligned(y);
}

}  // namespace

extern const Implementation misaligned_store = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
