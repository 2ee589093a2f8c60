"""The project's virtual environment, .venv: what a command needs is installed there at its first call.

requirements/*.txt say what: each package at one version, with the hashes of its files, so that every machine and every
mirror gives the same; requirements/lock makes them anew. This runs on a bare Python: no pip, no ensurepip, nothing but
the standard library.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from trilbench.paths import DEPENDENCIES, ENVIRONMENT, ROOT
from trilbench.setup import debian, variables
from trilbench.setup.tools import alone, run, say, succeeds
from trilbench.stop import Stop

REQUIREMENTS = ROOT / "requirements"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "complete.json"
LOG = DEPENDENCIES / "environment.log"
_PIP_UNPACKED = DEPENDENCIES / "pip"
PIP_TAG = "25.3"

# The lists of each command; the others judge what was measured.
_LISTS = {"bench": ("bench",), "prove": ("bench",), "test": ("bench", "statistics", "test")}
_OTHERS = ("bench", "statistics")


def enter(command: str, install: bool) -> None:
    """Goes on inside the virtual environment, with what the command needs: there this returns, elsewhere it starts the
    same command anew. It and all that it calls run without the variables that lead them astray."""
    if separators := [mark for mark in ":;" if mark in str(ROOT)]:
        raise Stop(f"move this checkout, {ROOT}: '{separators[0]}' is in its path, where Python and CMake end a path")
    misled = variables.drop(os.environ)
    changed = ensure(_LISTS.get(command, _OTHERS), install)
    if misled or changed or not _inside():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def ensure(lists: Sequence[str], install: bool) -> bool:
    """Installs the packages of the lists that are missing; whether there were any. Raises Stop if that fails."""
    missing = _missing(lists)
    if missing and not install:
        raise Stop(f"missing in .venv: the packages of {_files(missing)}; leave --no-install away to install them")
    if missing:
        with alone():
            _install(lists)
    return bool(missing)


def program(name: str) -> Path:
    """A program of the environment's: cmake, ninja."""
    return ENVIRONMENT / "bin" / name


def _missing(lists: Sequence[str]) -> list[str]:
    installed = _installed()
    return [name for name in lists if name not in installed]


def _installed() -> dict[str, str]:
    """The lists that are installed, with their digests: none if its Python became another or does not run, after the
    checkout moved, or if one changed since."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    lists: dict[str, str] = stamp.get("lists", {})
    return lists if stamp == _stamp(lists) else {}


def _stamp(lists: Iterable[str]) -> dict[str, Any]:
    """What an environment with those lists depends on."""
    digests = {name: hashlib.sha256(file.read_bytes()).hexdigest() for name in lists if (file := _list(name)).is_file()}
    return {"python": _version(), "folder": str(ENVIRONMENT), "lists": digests}


def _version() -> list[int]:
    """Of the environment's own Python, whichever Python this is; empty if it does not run."""
    if _inside():
        return list(sys.version_info[:2])
    words = [PYTHON, "-IS", "-c", "import sys; print(*sys.version_info[:2])"]  # in 10 ms
    try:
        said = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [int(word) for word in said.split()]


def _inside() -> bool:
    return Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def _files(lists: Iterable[str]) -> str:
    return ", ".join(f"requirements/{name}.txt" for name in lists)


def _list(name: str) -> Path:
    return REQUIREMENTS / f"{name}.txt"


def _install(lists: Sequence[str]) -> None:
    """Adds the lists that are missing to the environment; if nothing in it counts any more, makes it anew."""
    before = _installed()
    missing = _missing(lists)
    if not missing:  # another process has installed them while this one waited
        return
    say(f"installing the packages of {_files(missing)} into .venv (once)")
    LOG.unlink(missing_ok=True)
    if not before:
        python = getattr(sys, "_base_executable", sys.executable)
        run("making the virtual environment", [python, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT], LOG)
    # Bytecode is written as modules are imported: of most that is never, and it would take a third of the space.
    words = [*pip(), "install", "--quiet", "--no-compile", "--require-hashes"]
    run("installing Python packages", [*words, *(f"--requirement={_list(name)}" for name in missing)], LOG)
    if not succeeds([PYTHON, "-c", "import jinja2"], LOG):
        raise Stop("pip installed, but not into .venv: is it sent elsewhere, by target, prefix or root in pip.conf?")
    # Written last: what an interruption leaves behind has no stamp and is made anew.
    STAMP.write_text(json.dumps(_stamp([*before, *missing]), indent=2), encoding="utf-8")


def pip() -> list[str]:
    """A pip that installs into the environment, which has none of its own: the wheel that Python or the system brings,
    a pip that is installed, Debian's package or GitHub's source."""
    if wheel := _pip_wheel():
        return wheel
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if debian.available() and debian.unpack(_PIP_UNPACKED.name, ["python3-pip-whl"]) and (wheel := _pip_wheel()):
        return wheel
    folder = DEPENDENCIES / "pip-source"
    shutil.rmtree(folder, ignore_errors=True)
    source = "https://github.com/pypa/pip.git"
    if succeeds(["git", "clone", "--quiet", "--depth=1", f"--branch={PIP_TAG}", source, folder], LOG):
        return [str(PYTHON), str(folder / "src" / "pip")]
    raise Stop("pip is not to be had, neither from Debian's packages nor from GitHub; install python3-venv (or pip)")


def _pip_wheel() -> list[str]:
    """The pip in a wheel, which runs as it lies there."""
    wheels = Path("usr/share/python-wheels")
    folders = [Path(os.__file__).parent / "ensurepip/_bundled", "/" / wheels, _PIP_UNPACKED / wheels]
    found = [wheel for folder in folders for wheel in folder.glob("pip-*.whl")]
    return [str(PYTHON), str(found[0] / "pip")] if found else []
