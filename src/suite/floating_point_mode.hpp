// The processor's floating-point mode: rounding, flush-to-zero, traps. Code that changes it changes the
// results of all that runs after it on the same thread.
#pragma once

#include <cstdint>

namespace trilbench {

/// The calling thread's mode, without the flags of what happened before; 0 where it is not known how to ask.
std::uint64_t floating_point_mode();
void set_floating_point_mode(std::uint64_t mode);

/// Whether the calling thread rounds to nearest, keeps denormals and traps nothing, as every program begins.
bool floating_point_mode_is_usual();

/// Whether every thread of a team of `threads` has this mode; afterwards all have.
bool restore_floating_point_mode(std::uint64_t mode, int threads);

}  // namespace trilbench
