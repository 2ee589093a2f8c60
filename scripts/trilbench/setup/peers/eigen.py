"""Eigen, nothing but headers: the system's, else Debian's package, unpacked into the project."""

from pathlib import Path

from trilbench.paths import DEPENDENCIES
from trilbench.setup import debian
from trilbench.setup.lock import alone
from trilbench.setup.peers.library import NOT_INSTALLED, Library, chosen_by_user, in_folder
from trilbench.setup.tools import say

VARIABLE, HEADER = "TRILBENCH_EIGEN", "Eigen/Core"
UNPACKED = DEPENDENCIES / "eigen"
SYSTEM = (Path("/usr/local/include/eigen3"), Path("/usr/include/eigen3"))


def ensure(install: bool) -> Library:
    """Installs it if it is missing."""
    if chosen := chosen_by_user(VARIABLE, HEADER):
        return chosen
    folder = find()
    if not folder and not install:
        return Library(missing=NOT_INSTALLED)
    if not folder and debian.available():
        with alone():
            say("unpacking Debian's libeigen3-dev into .deps/eigen (once)")
            debian.unpack(UNPACKED.name, ["libeigen3-dev"])
        folder = find()
    if not folder:
        return Library(missing=f"Debian's libeigen3-dev is not to be had; where Eigen lies, {VARIABLE} can say")
    return in_folder(VARIABLE, folder)


def find() -> Path | None:
    """The folder that holds Eigen/Core."""
    folders = (*SYSTEM, UNPACKED / "usr/include/eigen3")
    return next((folder for folder in folders if (folder / HEADER).is_file()), None)
