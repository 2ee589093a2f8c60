// A simple copy with streaming stores, which bypass the caches: one vector at a time, once y is aligned; the
// lines of x are prefetched into L2. Written without kernels/memory/copy.hpp, which it checks: the traffic
// probe must not be slower.
//
// Cost: 8 bytes an element, all of them moved to and from memory whatever the caches hold of y.
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

constexpr std::int64_t prefetch_distance = 2048;

bool aligned(const float* y) { return reinterpret_cast<std::uintptr_t>(y) % sizeof(Lanes) == 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const float* x = inputs[0];
  parallel(problem.threads, [&](Team team) {
    team.each_part(problem.threads, [&](int part) {
      const Range own = part_of_floats(problem.sizes[0], part, problem.threads);
      std::int64_t i = own.begin;
      for (; i < own.end && !aligned(y + i); ++i) y[i] = x[i];
      for (; i + lanes <= own.end; i += lanes) {
        __builtin_prefetch(x + i + prefetch_distance, 0, into_L2);
        stream(y + i, load(x + i));
      }
      for (; i < own.end; ++i) y[i] = x[i];
    });
    stream_fence();
  });
}

}  // namespace

extern const Implementation streaming_copy = {
    .idea = "the same with stores that bypass the caches",
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
