// This machine's caches: their lines and sizes, for those who choose their stores by them and call for lines
// ahead.
#pragma once

#include <unistd.h>

#include <cstdint>

namespace trilbench::TRILBENCH_ISA {

/// The first-level data cache of most CPUs; newer ones have 48 KiB or more. Data of this size fill it:
/// nothing else has room.
inline constexpr std::int64_t first_level_bytes = 32 << 10;

/// One core's second-level cache; 0 if it is not known. Asks the CPU, which takes microseconds, in a virtual
/// machine tens of them.
inline std::int64_t second_level_bytes() { return std::int64_t{sysconf(_SC_LEVEL2_CACHE_SIZE)}; }

inline constexpr std::int64_t floats_of_line = 16;

/// Floats from `to` up to where a line begins.
inline std::int64_t floats_to_line(const float* to) {
  const auto at = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(to) / sizeof(float));
  return -at & (floats_of_line - 1);
}

/// How far ahead of ordinary stores the lines of y are called for.
inline constexpr std::int64_t floats_ahead_of_stores = 32 * floats_of_line;

/// The same where much is stored between loads, as in the rows of a triangle with zeros behind them.
inline constexpr std::int64_t floats_ahead_of_rows = 64 * floats_of_line;

/// __builtin_prefetch's name for the second-level cache. On its way to the first level a line would hold one
/// of the few buffers that streaming stores need.
inline constexpr int into_second_level = 2;

}  // namespace trilbench::TRILBENCH_ISA
