#include "suite/floating_point_mode.hpp"

namespace trilbench {

#if defined(__x86_64__)

constexpr unsigned sticky_flags = 0x3f;
constexpr std::uint64_t usual_mode = 0x1f80;  // all exceptions masked

std::uint64_t floating_point_mode() { return __builtin_ia32_stmxcsr() & ~sticky_flags; }

void set_floating_point_mode(std::uint64_t mode) { __builtin_ia32_ldmxcsr(static_cast<unsigned>(mode)); }

#elif defined(__aarch64__)

constexpr std::uint64_t usual_mode = 0;

std::uint64_t floating_point_mode() {
  std::uint64_t mode;
  asm volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}

void set_floating_point_mode(std::uint64_t mode) { asm volatile("msr fpcr, %0" : : "r"(mode)); }

#else

constexpr std::uint64_t usual_mode = 0;

std::uint64_t floating_point_mode() { return 0; }

void set_floating_point_mode(std::uint64_t) {}

#endif

bool floating_point_mode_is_usual() { return floating_point_mode() == usual_mode; }

bool restore_floating_point_mode(std::uint64_t mode, int threads) {
  // The calling thread first, and alone: clang's OpenMP gives every team the mode of who starts it.
  bool kept = floating_point_mode() == mode;
  set_floating_point_mode(mode);
  if (threads == 1) return kept;
#pragma omp parallel num_threads(threads) reduction(&& : kept)
  {
    kept = kept && floating_point_mode() == mode;
    set_floating_point_mode(mode);
  }
  return kept;
}

}  // namespace trilbench
