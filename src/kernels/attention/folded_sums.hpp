// The sum of each register's lanes, of as many registers as there are lanes: a tree of halves, in which each
// two registers take a blend, a shuffle and an addition. (sums_of takes two shuffles, which many CPUs make in
// one place only.)
#pragma once

#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

namespace detail {

/// In the lanes whose numbers have not the bit `half` the sums of two lanes of a, elsewhere of b.
template <int half>
Lanes folded(Lanes a, Lanes b) {
  constexpr auto own = [](int lane) { return (lane & half) != 0 ? lanes + lane : lane; };
  constexpr auto other = [](int lane) { return ((lane & half) != 0 ? lanes : 0) + (lane ^ half); };
  return shuffle(a, b, own) + shuffle(a, b, other);
}

}  // namespace detail

/// The sum of each register's lanes: that of v[i] in lane i. Overwrites v.
template <int count = lanes>
[[gnu::always_inline]] inline Lanes folded_sums(Lanes (&v)[lanes]) {
  if constexpr (count == 1) {
    return v[0];
  } else {
    unroll<count / 2>([&](auto i) { v[i] = detail::folded<count / 2>(v[i], v[i + count / 2]); });
    return folded_sums<count / 2>(v);
  }
}

}  // namespace trilbench::TRILBENCH_ISA
