// Whether the program runs under a user-mode emulator such as qemu's.
#pragma once

namespace trilbench {

/// If so, starting the program again by execv would leave the emulated CPU for the real one.
bool emulated();

}  // namespace trilbench
