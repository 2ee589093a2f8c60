"""OpenBLAS: from PyPI's wheel, else Debian's package. Its programs load it when they run."""

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from trilbench.paths import DEPENDENCIES, ENVIRONMENT, ROOT, shown
from trilbench.setup import debian
from trilbench.setup.lock import alone
from trilbench.setup.peers.library import Library
from trilbench.setup.tools import say, succeeds

LOG = DEPENDENCIES / "peers.log"


def ensure(install: bool) -> Library:
    """Installs it if it is missing. The variables by which its programs find it are none where the user has set them,
    and none where it is not to be had: then the program looks for the system's library, and says so if there is none.
    """
    if os.environ.get("TRILBENCH_OPENBLAS"):
        return Library()
    found = find(ENVIRONMENT, DEPENDENCIES)
    if not found and install:
        with alone():
            for get in (_from_pypi, _from_debian):
                if not found and get():
                    found = find(ENVIRONMENT, DEPENDENCIES)
        if not found:
            say(f"OpenBLAS is not to be had; {shown(LOG)} says why")
    return Library(environment=found)


def find(environment: Path, dependencies: Path) -> Mapping[str, str]:
    """PyPI's library before Debian's, which is older."""
    for wheel in sorted(environment.glob("lib/python3*/site-packages/scipy_openblas32/lib/libscipy_openblas.so")):
        return {"TRILBENCH_OPENBLAS": str(wheel)}
    for library in sorted((dependencies / "peers").glob("usr/lib/*/openblas-pthread/libopenblas.so.0")):
        return {"TRILBENCH_OPENBLAS": str(library), "LD_LIBRARY_PATH": str(library.parents[1])}
    return {}


def _from_pypi() -> bool:
    with (ROOT / "pyproject.toml").open("rb") as file:
        wheels = tomllib.load(file)["dependency-groups"]["peers"]
    say(f"installing {', '.join(wheels)} into .venv (once)")
    return succeeds([sys.executable, "-m", "pip", "install", "--quiet", *wheels], LOG)


def _from_debian() -> bool:
    if not debian.available():
        return False
    say("not to be had there; unpacking Debian's libopenblas0-pthread into .deps/peers")
    return debian.unpack("peers", ["libopenblas0-pthread"]) is not None
