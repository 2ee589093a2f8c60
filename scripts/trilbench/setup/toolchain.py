"""What a preset builds with, and for which machine: this one, or another that an emulator stands in for."""

import os
import platform
from dataclasses import dataclass

from trilbench.paths import ROOT


@dataclass(frozen=True)
class Toolchain:
    """A compiler, and the machine that it compiles for."""

    compiler: str
    package: str  # Debian's, that has the compiler
    flags: tuple[str, ...] = ()  # by which CMake gets it, as by the preset
    machine: str = ""  # as uname -m says; empty: this one
    architecture: str = ""  # Debian's name of that machine
    sysroot: str = ""  # where its shared libraries lie on this one
    tested: str = "all"  # what the tests need: a target of ninja

    @property
    def foreign(self) -> bool:
        """Whether what it makes does not run here by itself."""
        return bool(self.machine) and self.machine != platform.machine()


_CLANG = Toolchain("clang++", "clang", ("-DCMAKE_CXX_COMPILER=clang++",))
_OF_PRESET = {
    "clang": _CLANG,
    "tsan": _CLANG,
    "aarch64": Toolchain(
        "aarch64-linux-gnu-g++",
        "g++-aarch64-linux-gnu",
        (f"-DCMAKE_TOOLCHAIN_FILE={ROOT / 'cmake' / 'aarch64.cmake'}",),
        "aarch64",
        "arm64",
        "/usr/aarch64-linux-gnu",
    ),
}


def of_preset(preset: str) -> Toolchain:
    """The toolchain of a preset: the user's compiler unless the preset names another."""
    tested = "tests/all" if preset in ("asan", "xsimd-14") else "all"
    return _OF_PRESET.get(preset) or Toolchain(os.environ.get("CXX", "c++").split()[0], "g++", tested=tested)
