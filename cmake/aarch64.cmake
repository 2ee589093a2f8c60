# A toolchain: programs for AArch64, made on another Linux machine by Debian's g++-aarch64-linux-gnu, which qemu's
# emulator runs there. -DCMAKE_CROSSCOMPILING_EMULATOR names another emulator, or one that is not on the PATH.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
if(NOT DEFINED CMAKE_CROSSCOMPILING_EMULATOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
endif()
