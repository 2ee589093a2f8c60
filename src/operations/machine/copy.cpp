// A simple copy in lanes: one vector at a time, wherever it lies; beyond L1 the lines of y are prefetched
// before the stores come to them. Written without kernels/memory/copy.hpp, which it checks: the traffic probe
// must not be slower.
//
// Cost: 8 bytes an element; past the caches 12, as y's lines are read before they are overwritten.
#include "kernels/memory/caches.hpp"
#include "kernels/parallel.hpp"
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

constexpr std::int64_t prefetch_distance = 512;

struct Plan {
  Plan(const Problem& problem, const Machine& machine)
      : count(problem.sizes[0]), threads(problem.threads), L1(Caches(machine).L1) {}

  void run(const float* const* inputs, float* y, void*) const {
    const float* x = inputs[0];
    parallel(threads, [&](Team team) {
      team.each_part(threads, [&](int part) {
        const Range own = part_of_floats(count, part, threads);
        std::int64_t i = own.begin;
        if (prefetches(own)) {
          for (; i + lanes <= own.end; i += lanes) {
            __builtin_prefetch(y + i + prefetch_distance);
            store(y + i, load(x + i));
          }
        }
        for (; i + lanes <= own.end; i += lanes) store(y + i, load(x + i));
        for (; i < own.end; ++i) y[i] = x[i];
      });
    });
  }

  void explain(Explanation& say) const {
    int prefetched = 0;
    for (int part = 0; part < threads; ++part) prefetched += prefetches(part_of_floats(count, part, threads));
    say("stores",
        prefetched == threads ? "to prefetched lines"
        : prefetched == 0     ? "plain"
                              : "to prefetched lines in the larger parts",
        ": x and y are ", say.bytes(bytes_of(count)), ", and a thread's part of them against L1, ",
        say.bytes(L1));
    explain_threads(say, threads, "parts of equal size");
  }

  /// Of so many floats of x and of y.
  static std::int64_t bytes_of(std::int64_t floats) { return 2 * floats * std::int64_t{sizeof(float)}; }
  bool prefetches(Range own) const { return bytes_of(own.size()) > L1; }

  std::int64_t count;
  int threads;
  std::int64_t L1;
};

}  // namespace

extern const Implementation copy = {
    .idea = "one vector at a time from x to y",
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
