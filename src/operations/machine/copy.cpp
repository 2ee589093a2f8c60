// A simple copy in lanes: one vector at a time, wherever it lies; beyond the first-level cache the lines of y
// are called for before the stores come to them. Written without kernels/copy.hpp, which it checks: the
// traffic probe must not be slower.
//
// Cost: 8 bytes an element; past the caches 12, as y's lines are read before they are overwritten.
#include "kernels/caches.hpp"
#include "kernels/parallel.hpp"
#include "kernels/shares.hpp"
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

constexpr std::int64_t floats_ahead = 512;

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const float* x = inputs[0];
  parallel(problem.threads, [&](Team team) {
    team.each_part(problem.threads, [&](int part) {
      const Share share = share_of_floats(problem.sizes[0], part, problem.threads);
      std::int64_t i = share.begin;
      if (2 * share.size() * std::int64_t{sizeof(float)} > first_level_bytes) {  // x and y
        for (; i + lanes <= share.end; i += lanes) {
          __builtin_prefetch(y + i + floats_ahead);
          store(y + i, load(x + i));
        }
      }
      for (; i + lanes <= share.end; i += lanes) store(y + i, load(x + i));
      for (; i < share.end; ++i) y[i] = x[i];
    });
  });
}

}  // namespace

extern const Implementation copy = {
    .idea = "one vector at a time from x to y",
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
