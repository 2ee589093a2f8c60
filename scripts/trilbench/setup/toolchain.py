"""What a preset builds with, and for which machine: this one, or another that qemu's user-mode emulation stands in for.
(It also lets the tests run the programs on processors that lack instruction sets.)"""

import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from trilbench.paths import DEPENDENCIES, ROOT, shown
from trilbench.setup import debian
from trilbench.setup.tools import say
from trilbench.stop import Stop

EMULATOR = DEPENDENCIES / "emulator"  # where it is unpacked


@dataclass(frozen=True)
class Toolchain:
    """A compiler, and the machine that it compiles for."""

    compiler: str
    packages: str  # that have the compiler, of each system
    flags: tuple[str, ...] = ()  # by which CMake gets it, as by the preset
    machine: str = ""  # as uname -m says; empty: this one
    architecture: str = ""  # Debian's name of that machine
    sysroot: str = ""  # where its shared libraries lie on this one
    tested: str = "all"  # what the tests need: a target of ninja

    @property
    def foreign(self) -> bool:
        """Whether what it makes does not run here by itself."""
        return bool(self.machine) and self.machine != platform.machine()


_CLANG = Toolchain("clang++", "Debian, Fedora: clang", ("-DCMAKE_CXX_COMPILER=clang++",))
_OF_PRESET = {
    "clang": _CLANG,
    "tsan": _CLANG,
    "aarch64": Toolchain(
        "aarch64-linux-gnu-g++",
        "Debian: g++-aarch64-linux-gnu",
        (f"-DCMAKE_TOOLCHAIN_FILE={ROOT / 'cmake' / 'aarch64.cmake'}",),
        "aarch64",
        "arm64",
        "/usr/aarch64-linux-gnu",
    ),
}


def of_preset(preset: str) -> Toolchain:
    """The toolchain of a preset: the user's compiler unless the preset names another."""
    if preset in _OF_PRESET:
        return _OF_PRESET[preset]
    packages = "Debian: g++; Fedora: gcc-c++"
    tested = "tests/all" if preset in ("asan", "xsimd-14") else "all"
    return Toolchain((os.environ.get("CXX", "").split() or ["c++"])[0], packages, tested=tested)


def launcher(toolchain: Toolchain, install: bool) -> tuple[str, ...]:
    """The words that start a program which the toolchain made: none where it runs by itself. Raises Stop if there is no
    emulator of its machine."""
    if not toolchain.foreign:
        return ()
    emulator = find_emulator(install, toolchain.machine)
    if not emulator:
        raise Stop(f"there is no qemu-{toolchain.machine}; install one (Debian: qemu-user)")
    # Threads that wait must sleep. (Elsewhere the programs see to that by starting anew, which an emulator cannot.)
    return ("env", "OMP_WAIT_POLICY=passive", str(emulator), "-L", toolchain.sysroot)


def find_emulator(install: bool, machine: str = "x86_64") -> Path | None:
    """The emulator of the system's or of the project's, unpacked there first if it is to be had; else None."""
    found = _find_emulator(machine)
    if not found and install and debian.available():
        say(f"missing: qemu-user; unpacking Debian's package into {shown(EMULATOR)}")
        debian.unpack(EMULATOR.name, ["qemu-user-static"])
        found = _find_emulator(machine)
    return found


def _find_emulator(machine: str) -> Path | None:
    path = os.pathsep.join((os.environ.get("PATH", ""), str(EMULATOR / "usr/bin")))
    found = shutil.which(f"qemu-{machine}", path=path) or shutil.which(f"qemu-{machine}-static", path=path)
    return Path(found) if found else None
