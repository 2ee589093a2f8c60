// What the inputs and outputs are made of: its sizes, roundings and bits are asked for here alone.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace trilbench {

using Element = float;
using ElementBits = std::uint32_t;
static_assert(sizeof(Element) == sizeof(ElementBits));

/// In the names of benchmarks.
inline constexpr const char* element_name = "f32";

inline constexpr std::int64_t element_bytes = sizeof(Element);

/// Half the distance from 1 to the next number: the largest relative error of one rounding.
inline constexpr double unit_roundoff = double{std::numeric_limits<Element>::epsilon()} / 2;

inline constexpr double smallest_normal = std::numeric_limits<Element>::min();
inline constexpr double smallest_denormal = std::numeric_limits<Element>::denorm_min();

/// Every whole number up to this one is an element.
inline constexpr std::int64_t most_counted = std::int64_t{1} << std::numeric_limits<Element>::digits;

inline ElementBits bits_of(Element value) { return std::bit_cast<ElementBits>(value); }

}  // namespace trilbench
