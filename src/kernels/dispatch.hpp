// From a number that is known when the program runs to a constant that templates can take.
#pragma once

#include <cstdint>
#include <type_traits>

namespace trilbench::TRILBENCH_ISA {

/// Calls body(std::integral_constant<int, n>()), least <= n <= most, and returns what it returns. Anything
/// below `least` counts as `least`, anything above `most` as `most`.
template <int most, int least = 1, class Body>
[[gnu::always_inline]] inline decltype(auto) with_constant(std::int64_t n, const Body& body) {
  if constexpr (most > least)
    if (n < most) return with_constant<most - 1, least>(n, body);
  return body(std::integral_constant<int, most>());
}

}  // namespace trilbench::TRILBENCH_ISA
