// The axes of x[B, T, C], by name: what the operations on sequences share.
#pragma once

#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

struct SequenceAxes {
  std::int64_t B, T, C;  // batch, time, channels

  explicit SequenceAxes(const Problem& problem)
      : B(problem.sizes[0]), T(problem.sizes[1]), C(problem.sizes[2]) {}
};

/// The plan of a kernel for matrices x[B, T, C], on a machine or on its caches.
template <class Kernel>
struct SequencePlan : Kernel {
  template <class Caches>
  SequencePlan(const Problem& problem, const Caches& caches)
      : SequencePlan(SequenceAxes(problem), problem.threads, caches) {}

  template <class Caches>
  SequencePlan(const SequenceAxes& x, int threads, const Caches& caches)
      : Kernel(x.B, x.T, x.C, threads, caches) {}
};

}  // namespace trilbench
