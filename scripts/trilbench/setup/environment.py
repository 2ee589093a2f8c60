"""The project's virtual environment, .venv: made once from pyproject.toml, entered by every command.

Runs on a bare Python: no pip, no ensurepip, nothing but the standard library.
"""

import importlib.util
import json
import os
import shutil
import sys
import tomllib
from pathlib import Path

from trilbench.paths import DEPENDENCIES, ENVIRONMENT, ROOT
from trilbench.setup import debian, variables
from trilbench.setup.lock import alone
from trilbench.setup.tools import run, say, succeeds
from trilbench.stop import Stop

PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "complete.json"
LOG = DEPENDENCIES / "environment.log"
PIP_TAG = "25.3"


def enter(install: bool) -> None:
    """Goes on inside the virtual environment, made first if need be: there this returns, elsewhere it starts the
    same command anew. It and all that it calls run without the variables that lead them astray."""
    if separators := [mark for mark in ":;" if mark in str(ROOT)]:
        raise Stop(f"move this checkout, {ROOT}: '{separators[0]}' is in its path, where Python and CMake end a path")
    misled = variables.drop(os.environ)
    if _inside() and not misled:
        return
    if not _complete():
        if not install:
            raise Stop(f"missing: {', '.join(_requirements())} in .venv; leave --no-install away to install them there")
        with alone():
            if not _complete():  # another process may have made it while this one waited
                _make()
    os.execv(PYTHON, [str(PYTHON), *sys.argv])


def program(name: str) -> Path:
    """A program of the environment's: cmake, ninja."""
    return ENVIRONMENT / "bin" / name


def _inside() -> bool:
    return Path(sys.prefix).resolve() == ENVIRONMENT.resolve() and _stamp_is_current()


def _complete() -> bool:
    return os.access(PYTHON, os.X_OK) and _stamp_is_current()


def _requirements() -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["dependency-groups"]["run"]


def _description() -> str:
    """What the environment depends on; another Python or a moved checkout makes it anew."""
    return json.dumps(
        {"requirements": _requirements(), "python": sys.version_info[:2], "folder": str(ENVIRONMENT)}, indent=2
    )


def _stamp_is_current() -> bool:
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == _description()


def _make() -> None:
    requirements = _requirements()
    say(f"installing {', '.join(requirements)} into .venv (once)")
    LOG.unlink(missing_ok=True)
    run("making the virtual environment", [sys.executable, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT], LOG)
    run("installing Python packages", [*_pip(), "install", "--quiet", *requirements], LOG)
    if not succeeds([PYTHON, "-c", "import jinja2"], LOG):
        raise Stop("pip installed, but not into .venv: is it sent elsewhere, by target, prefix or root in pip.conf?")
    # Written last: what an interruption leaves behind has no stamp and is made anew.
    STAMP.write_text(_description(), encoding="utf-8")


def _pip() -> list[str]:
    """A pip that installs into the environment: this Python's own, the system's wheel, Debian's or GitHub's."""
    if importlib.util.find_spec("ensurepip") and succeeds([PYTHON, "-m", "ensurepip"], LOG):
        return [str(PYTHON), "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if debian.available():
        folder = debian.unpack("pip", ["python3-pip-whl"])
        for base in filter(None, (folder, Path("/"))):  # what is installed is not fetched
            for wheel in base.glob("usr/share/python-wheels/pip-*.whl"):
                return [str(PYTHON), str(wheel / "pip")]
    folder = DEPENDENCIES / "pip-source"
    shutil.rmtree(folder, ignore_errors=True)
    source = "https://github.com/pypa/pip.git"
    if succeeds(["git", "clone", "--quiet", "--depth=1", f"--branch={PIP_TAG}", source, folder], LOG):
        return [str(PYTHON), str(folder / "src" / "pip")]
    raise Stop("pip is not to be had, neither from Debian's packages nor from GitHub; install python3-venv (or pip)")
