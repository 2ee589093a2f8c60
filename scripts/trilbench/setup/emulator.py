"""qemu's user-mode emulation: it lets the tests run the programs on processors that lack instruction sets."""

import shutil
from pathlib import Path

from trilbench.paths import DEPENDENCIES, shown
from trilbench.setup import debian
from trilbench.setup.tools import say

UNPACKED = DEPENDENCIES / "emulator"
_NAMES = ("qemu-x86_64", "qemu-x86_64-static")


def find(install: bool) -> Path | None:
    """The emulator of the system's or of the project's, unpacked there first if it is to be had; else None."""
    found = _find()
    if not found and install and debian.available():
        say(f"missing: qemu-user; unpacking Debian's package into {shown(UNPACKED)}")
        debian.unpack(UNPACKED.name, ["qemu-user-static"])
        found = _find()
    return found


def _find() -> Path | None:
    for name in _NAMES:
        if found := shutil.which(name) or shutil.which(name, path=str(UNPACKED / "usr" / "bin")):
            return Path(found)
    return None
