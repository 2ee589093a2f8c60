// Lanes: as many floats as one register of this file's instruction set holds, and what kernels do with them.
//
// This folder is the only one that includes xsimd or an intrinsic header. xsimd gives the type, its
// arithmetic and comparisons; what its versions 8.1 to 14 lack or do differently (fused multiply-add for
// AVX-512, division on NEON, partial loads, streaming stores, reductions, the maximum of a NaN) stands here
// and in the header of each instruction set, which ends with the exponential that suits it:
// exp_of_nonpositive(x) is e^x for x <= 0, exactly 1 at 0; 0 for -infinity and below -87.33 or -86.99, where
// the result would be denormal or little more; NaN for NaN. exp2_of_nonpositive(x) is 2^x likewise, and 0
// below -126 or -125.5.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <xsimd/xsimd.hpp>

#include TRILBENCH_LANES  // simd/<instruction set>.hpp, by cmake/Variants.cmake

namespace trilbench::TRILBENCH_ISA {

inline constexpr int lanes = Lanes::size;

/// `divide` is exact on every instruction set, xsimd's operator on all but NEON: beside this one, which may
/// not be used, the operator is ambiguous.
Lanes operator/(Lanes, Lanes) = delete;

inline Lanes load(const float* from) { return Lanes::load_unaligned(from); }
inline void store(float* to, Lanes v) { v.store_unaligned(to); }

/// Uses a value for nothing, so that what made it, were it only loads, is not dropped.
inline void keep(Lanes v) {
  float values[lanes];
  store(values, v);
  asm volatile("" : : "m"(values));
}

namespace detail {

using Doubles [[gnu::vector_size(sizeof(Lanes))]] = double;

/// Lane i: lane source(i) of those of a and, behind them, of b.
template <class Source, int... lane>
Lanes shuffle(Lanes a, Lanes b, Source source, std::integer_sequence<int, lane...>) {
  using Register = typename Lanes::register_type;
  return Lanes(
      __builtin_shufflevector(static_cast<Register>(a), static_cast<Register>(b), (source(lane))...));
}

template <class Source>
Lanes shuffle(Lanes a, Lanes b, Source source) {
  return shuffle(a, b, source, std::make_integer_sequence<int, lanes>());
}

}  // namespace detail

/// Every lane moves up by `distance`; zeros follow it.
template <int distance>
Lanes shift_up(Lanes v) {
  constexpr auto source = [](int lane) { return lane < distance ? lane : lanes + lane - distance; };
  return detail::shuffle(Lanes(0.0f), v, source);
}

/// The `count` lanes from `first` on, over and over.
template <int first, int count>
Lanes repeat(Lanes v) {
  constexpr auto source = [](int lane) { return first + lane % count; };
  return detail::shuffle(v, v, source);
}

/// `count` floats from memory, over and over: two, and what a set has a load_repeated for.
template <int count>
Lanes load_repeated(const float* from) {
  if constexpr (count == 2) {
    double two;
    std::memcpy(&two, from, sizeof(two));
    return [&]<int... i>(std::integer_sequence<int, i...>) {
      const detail::Doubles all = {((void)i, two)...};
      return Lanes(reinterpret_cast<typename Lanes::register_type>(all));
    }
    (std::make_integer_sequence<int, lanes / 2>());
  } else {
    return load_repeated(from, std::integral_constant<int, count>());
  }
}

/// The first half of each, side by side.
inline Lanes first_halves(Lanes a, Lanes b) {
  constexpr auto source = [](int lane) { return lane < lanes / 2 ? lane : lanes / 2 + lane; };
  return detail::shuffle(a, b, source);
}

/// Each half's lanes combined, in every lane of it.
template <int distance = lanes / 4, class Combine>
[[gnu::always_inline]] inline Lanes combined_in_halves(Lanes v, const Combine& combine) {
  constexpr auto source = [](int lane) { return lane ^ distance; };
  const Lanes combined = combine(v, detail::shuffle(v, v, source));
  if constexpr (distance > 1) return combined_in_halves<distance / 2>(combined, combine);
  return combined;
}

/// 0, 1, 2, ... each `times` times.
template <int times>
Lanes steps() {
  alignas(Lanes) float values[lanes];
  for (int i = 0; i < lanes; ++i) values[i] = static_cast<float>(i / times);
  return load(values);
}

namespace detail {

template <int count>
using Floats [[gnu::vector_size(count * sizeof(float))]] = float;

/// All lanes of a register combined, halves with halves, then within the halves, each in as small a register
/// as it fits: many CPUs take a wide one in two steps.
template <int count, class Combine>
[[gnu::always_inline]] inline float combined(Floats<count> v, const Combine& combine) {
  if constexpr (count == 4) {
    v = combine(v, __builtin_shufflevector(v, v, 2, 3, 0, 1));
    return combine(v, __builtin_shufflevector(v, v, 1, 0, 3, 2))[0];
  } else {
    constexpr int half = count / 2;
    return [&]<int... lane>(std::integer_sequence<int, lane...>) __attribute__((always_inline)) {
      return combined<half>(
          combine(__builtin_shufflevector(v, v, lane...), __builtin_shufflevector(v, v, (half + lane)...)),
          combine);
    }
    (std::make_integer_sequence<int, half>());
  }
}

}  // namespace detail

/// A pointer, of which the compiler knows nothing: not what it is a constant distance from.
template <class T>
T* opaque(T* at) {
  asm("" : "+r"(at));
  return at;
}

/// Every lane: the sum of all lanes.
inline Lanes sum_of(Lanes v) {
  const auto sum = [](auto a, auto b) { return a + b; };
  return Lanes(detail::combined<lanes>(static_cast<typename Lanes::register_type>(v), sum));
}

/// Every lane: the largest lane of a vector without NaN.
inline Lanes max_of(Lanes v) {
  const auto larger = [](auto a, auto b) { return a > b ? a : b; };
  return Lanes(detail::combined<lanes>(static_cast<typename Lanes::register_type>(v), larger));
}

inline float first_lane(Lanes v) { return static_cast<typename Lanes::register_type>(v)[0]; }

/// Calls body(0), ..., body(count - 1) with constants, so that arrays indexed by them stay in registers. The
/// function around it must be [[gnu::flatten]]: where g++ does not inline a body, the arrays go through
/// memory.
template <int count, class Body>
[[gnu::always_inline]] inline void unroll(Body&& body) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    (body(std::integral_constant<int, i>()), ...);
  }
  (std::make_integer_sequence<int, count>());
}

namespace detail {

/// In the lanes whose numbers have not the bit `half` the sums of two lanes of a, elsewhere of b.
template <int half>
Lanes folded(Lanes a, Lanes b) {
  constexpr auto own = [](int lane) { return (lane & half) != 0 ? lanes + lane : lane; };
  constexpr auto other = [](int lane) { return ((lane & half) != 0 ? lanes : 0) + (lane ^ half); };
  return shuffle(a, b, own) + shuffle(a, b, other);
}

}  // namespace detail

/// The sum of each register's lanes: that of v[i] in lane i. Overwrites v. A tree of halves, in which each
/// two registers take a blend and a shuffle: of shuffles many CPUs make one at a time.
template <int count = lanes>
[[gnu::always_inline]] inline Lanes sums_of(Lanes (&v)[lanes]) {
  if constexpr (count == 1) {
    return v[0];
  } else {
    unroll<count / 2>([&](auto i) { v[i] = detail::folded<count / 2>(v[i], v[i + count / 2]); });
    return sums_of<count / 2>(v);
  }
}

/// Takes `count` floats by registers: whole(k, i) those from k on, `registers_at_once` of them unrolled with
/// i = 0, 1, ... constants, then one at a time with i = 0; rest(k, left) what is less than a register.
template <int registers_at_once, class Whole, class Rest>
[[gnu::always_inline]] inline void each_register(std::int64_t count, const Whole& whole, const Rest& rest) {
  constexpr std::int64_t step = registers_at_once * lanes;
  std::int64_t k = 0;
  for (; k + step <= count; k += step) unroll<registers_at_once>([&](auto i) { whole(k + i * lanes, i); });
  for (; k + lanes <= count; k += lanes) whole(k, std::integral_constant<int, 0>());
  if (const auto left = static_cast<int>(count - k); left > 0) rest(k, left);
}

/// From a number that is known when the program runs to a constant: calls body(std::integral_constant<int,
/// n>()), least <= n <= most, and returns what it returns. Anything below `least` counts as `least`, anything
/// above `most` as `most`.
template <int most, int least = 1, class Body>
[[gnu::always_inline]] inline decltype(auto) with_constant(std::int64_t n, const Body& body) {
  if constexpr (most > least)
    if (n < most) return with_constant<most - 1, least>(n, body);
  return body(std::integral_constant<int, most>());
}

}  // namespace trilbench::TRILBENCH_ISA
