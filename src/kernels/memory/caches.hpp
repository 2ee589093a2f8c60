// The data caches as a kernel plans by them: lines, sizes, and how far ahead of their use lines are
// prefetched.
//
// The sizes come from whoever plans (the suite's Machine has them); no kernel holds one of its own. What the
// machine does not tell is taken as small CPUs have it.
#pragma once

#include <algorithm>
#include <cstdint>

namespace trilbench::TRILBENCH_ISA {

/// Bytes of the caches: a thread's L1 and L2, and the process's part of the last level.
struct Caches {
  std::int64_t L1 = std::int64_t{32} << 10;
  std::int64_t L2 = std::int64_t{1} << 20;
  std::int64_t last_level = std::int64_t{32} << 20;

  /// Data of so many bytes and more are past all caches: half of them at least are not found there when they
  /// are used again. Between 16 and 32 of a core's L2: a virtual machine may be told of a last level of which
  /// it has a small part only (one was told of 320 MiB, and streaming stores took 0.7 of the time of ordinary
  /// ones at 100 MiB), and a process with few of the cores often finds the others idle (with one core of two
  /// on Zen 4, 16 MiB take 1.2 times as long by streaming stores).
  std::int64_t past_caches = std::clamp(2 * last_level, 16 * L2, 32 * L2);

  /// The same for so many threads: each has an L2 of its own, a sixteenth of past_caches at most.
  constexpr std::int64_t past_caches_of(int threads) const {
    return std::max(past_caches, past_caches / 16 * threads);
  }

  /// Whether the last level is one that a whole chip shares by a mesh, which gives a core half as much as one
  /// that a few cores share (29 GB/s on Sapphire Rapids, 80 on Zen 4): traffic that it is spared is won.
  bool far_last_level = last_level > least_far;

  constexpr Caches() = default;

  /// The sizes of a machine, but for those that it does not know (0).
  template <class Machine>
  requires requires(const Machine& machine) { machine.L1, machine.L2, machine.last_level; }
  constexpr Caches(const Machine& machine)
      : L1(known(machine.L1, Caches().L1)),
        L2(known(machine.L2, Caches().L2)),
        last_level(known(machine.last_level, Caches().last_level)),
        far_last_level(std::max(last_level, whole_last_level_of(machine)) > least_far) {}

 private:
  static constexpr std::int64_t least_far = std::int64_t{96} << 20;

  /// A process with a part of the last level finds it as far as one that has all of it.
  template <class Machine>
  static constexpr std::int64_t whole_last_level_of(const Machine& machine) {
    if constexpr (requires { machine.whole_last_level; }) return machine.whole_last_level;
    return 0;
  }

  /// No more than a process can address, so that nothing that is made of it overflows.
  static constexpr std::int64_t known(std::int64_t bytes, std::int64_t otherwise) {
    return bytes > 0 ? std::min(bytes, std::int64_t{1} << 47) : otherwise;
  }
};

inline constexpr std::int64_t floats_of_line = 16;

/// Floats from `to` up to where a line begins.
inline std::int64_t floats_to_line(const float* to) {
  const auto at = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(to) / sizeof(float));
  return -at & (floats_of_line - 1);
}

/// The prefetch distance, in floats, of lines that ordinary stores overwrite.
inline constexpr std::int64_t prefetch_distance_of_stores = 32 * floats_of_line;

/// The same where much is stored between loads, as in the rows of a triangle with zeros behind them.
inline constexpr std::int64_t prefetch_distance_of_rows = 64 * floats_of_line;

/// __builtin_prefetch's name for L2. On its way to L1 a line would hold one of the few buffers that streaming
/// stores need.
inline constexpr int into_L2 = 2;

}  // namespace trilbench::TRILBENCH_ISA
