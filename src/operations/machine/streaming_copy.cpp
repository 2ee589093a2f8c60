// A simple copy with streaming stores, which bypass the caches: one vector at a time, once y is aligned; the
// lines of x are called for, into the second-level cache. Written without kernels/copy.hpp, which it checks:
// the traffic probe must not be slower.
//
// Cost: 8 bytes an element, all of them moved to and from memory whatever the caches hold of y.
#include "kernels/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/shares.hpp"
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

constexpr std::int64_t floats_ahead = 2048;

bool aligned(const float* y) { return reinterpret_cast<std::uintptr_t>(y) % sizeof(Lanes) == 0; }

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const float* x = inputs[0];
  parallel(problem.threads, [&](Team team) {
    team.each_part(problem.threads, [&](int part) {
      const Share share = share_of_floats(problem.sizes[0], part, problem.threads);
      std::int64_t i = share.begin;
      for (; i < share.end && !aligned(y + i); ++i) y[i] = x[i];
      for (; i + lanes <= share.end; i += lanes) {
        __builtin_prefetch(x + i + floats_ahead, 0, into_second_level);
        stream(y + i, load(x + i));
      }
      for (; i < share.end; ++i) y[i] = x[i];
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
