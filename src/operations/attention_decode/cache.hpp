// The caches that a query is decoded against: T keys and values a head, in room for more.
#pragma once

#include "operations/attention.hpp"

namespace trilbench {

struct DecodeAxes : AttentionAxes {
  using AttentionAxes::AttentionAxes;

  /// The caches of keys, and as many of values: [B, H_kv].
  std::int64_t caches() const { return B * H_kv; }
  std::int64_t group() const { return H / H_kv; }

  /// Rows from one cache to the next: caches grow by pages of 64 rows, before they are full. What lies behind
  /// the first T rows is no input.
  std::int64_t capacity() const { return (T / 64 + 1) * 64; }
};

/// The plan of a kernel for such caches.
template <class Kernel>
struct DecodePlan : Kernel {
  template <class Machine>
  DecodePlan(const Problem& problem, const Machine& machine)
      : DecodePlan(DecodeAxes(problem), problem.threads, machine) {}

  template <class Machine>
  DecodePlan(const DecodeAxes& axes, int threads, const Machine& machine)
      : Kernel({axes.caches(), axes.group(), axes.T, axes.capacity(), axes.D},
               static_cast<float>(attention_scale(axes.D)), threads, machine) {}
};

}  // namespace trilbench
