#include "suite/emulation.hpp"

#include <filesystem>
#include <system_error>

namespace trilbench {

// An emulator answers for /proc/self, though not for /proc/thread-self.
bool emulated() {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  const auto real = std::filesystem::read_symlink("/proc/thread-self/exe", unknown);
  return !unknown && self != real;
}

}  // namespace trilbench
