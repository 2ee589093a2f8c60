"""qemu's user-mode emulation: it lets the tests run the programs on processors that lack instruction sets, and on
machines of another kind."""

import shutil
from pathlib import Path

from trilbench.paths import DEPENDENCIES, shown
from trilbench.setup import debian
from trilbench.setup.toolchain import Toolchain
from trilbench.setup.tools import say
from trilbench.stop import Stop

UNPACKED = DEPENDENCIES / "emulator"


def launcher(toolchain: Toolchain, install: bool) -> tuple[str, ...]:
    """The words that start a program which the toolchain made: none where it runs by itself. Raises Stop if there is no
    emulator of its machine."""
    if not toolchain.foreign:
        return ()
    emulator = find(install, toolchain.machine)
    if not emulator:
        raise Stop(f"there is no qemu-{toolchain.machine}; install one (Debian: apt-get install qemu-user)")
    # Threads that wait must sleep. (Elsewhere the programs see to that by starting anew, which an emulator cannot.)
    return ("env", "OMP_WAIT_POLICY=passive", str(emulator), "-L", toolchain.sysroot)


def find(install: bool, machine: str = "x86_64") -> Path | None:
    """The emulator of the system's or of the project's, unpacked there first if it is to be had; else None."""
    found = _find(machine)
    if not found and install and debian.available():
        say(f"missing: qemu-user; unpacking Debian's package into {shown(UNPACKED)}")
        debian.unpack(UNPACKED.name, ["qemu-user-static"])
        found = _find(machine)
    return found


def _find(machine: str) -> Path | None:
    for name in (f"qemu-{machine}", f"qemu-{machine}-static"):
        if found := shutil.which(name) or shutil.which(name, path=str(UNPACKED / "usr" / "bin")):
            return Path(found)
    return None
