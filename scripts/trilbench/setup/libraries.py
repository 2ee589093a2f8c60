"""The C++ libraries: what CMake finds serves; else Debian's packages, unpacked in the project; else CMake fetches them.

cmake/Dependencies.cmake says which libraries, versions and packages; asking CMake itself is the only honest test for
them.
"""

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from trilbench.paths import BUILD, DEPENDENCIES, ROOT, shown
from trilbench.setup import debian
from trilbench.setup.environment import program
from trilbench.setup.toolchain import Toolchain, of_preset
from trilbench.setup.tools import run, say
from trilbench.stop import Stop

_PROBE = """\
cmake_minimum_required(VERSION 3.25)
project(probe LANGUAGES CXX)
set(missing "")
{finds}
file(WRITE "${{CMAKE_BINARY_DIR}}/missing" "${{missing}}")
"""
_FIND = """\
find_package({name} {arguments} QUIET)
if(NOT {name}_FOUND)
  string(APPEND missing "{name}\\n")
endif()
"""


class Declared(NamedTuple):
    """A library as cmake/Dependencies.cmake declares it."""

    arguments: str  # of its find_package
    debian: str  # the package
    fedora: str


def declared(text: str | None = None) -> dict[str, Declared]:
    """The libraries of cmake/Dependencies.cmake, or of another such text."""
    if text is None:
        text = (ROOT / "cmake" / "Dependencies.cmake").read_text(encoding="utf-8")
    text = re.sub(r"#.*", "", text)
    found = re.findall(r"FetchContent_Declare\(\s*(\w+)[^)]*?FIND_PACKAGE_ARGS\s*([^)]*?)\s*\)", text)
    packages = {name: rest.split() for name, rest in re.findall(r"trilbench_need\((\w+) \S+ (\S+ \S+)[^)]*\)", text)}
    return {name: Declared(arguments, *packages[name]) for name, arguments in found}


def unpacked(toolchain: Toolchain) -> Path:
    """Where the packages for the toolchain's machine are unpacked."""
    return DEPENDENCIES / (f"libraries-{toolchain.architecture}" if toolchain.foreign else "libraries")


def cmake_environment(preset: str) -> dict[str, str]:
    """The variables that CMake runs under, so that it also finds what was unpacked in the project, after what the user
    has."""
    of_the_user = os.environ.get("CMAKE_PREFIX_PATH", "")
    ours = str(unpacked(of_preset(preset)) / "usr")
    return {"CMAKE_PREFIX_PATH": os.pathsep.join(filter(None, (of_the_user, ours)))}


def ensure(preset: str, install: bool) -> None:
    """Makes the libraries available as far as this machine allows; CMake's FetchContent does the rest.

    Raises Stop if some are missing and `install` is false, or if there is no compiler.
    """
    libraries = declared()
    missing = _missing(libraries, preset)
    if not missing:
        return
    names = ", ".join(missing)
    if not install:
        debians, fedoras = (" ".join(libraries[name][which] for name in missing) for which in (1, 2))
        packages = f"Debian: {debians}; Fedora: {fedoras}"
        raise Stop(f"missing: {names} ({packages}); leave --no-install away to install in .deps")
    toolchain = of_preset(preset)
    folder = unpacked(toolchain)
    if debian.available():
        say(f"missing: {names}; unpacking Debian's packages into {shown(folder)}")
        # Of those that the user has none, which would be found before them; what was unpacked earlier comes again.
        there = [name for name in libraries if (folder / "usr/share/doc" / libraries[name].debian).exists()]
        packages = [libraries[name].debian for name in (*there, *missing)]
        if debian.unpack(folder.name, packages, toolchain.architecture if toolchain.foreign else ""):
            missing = _missing(libraries, preset)
    if missing:
        say(f"missing: {', '.join(missing)}; CMake fetches the source from GitHub")


def _missing(libraries: dict[str, Declared], preset: str) -> list[str]:
    """The libraries that CMake does not find, asked of a little project of its own."""
    folder = BUILD / f"probe-{preset}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    finds = "".join(_FIND.format(name=name, arguments=library.arguments) for name, library in libraries.items())
    (folder / "CMakeLists.txt").write_text(_PROBE.format(finds=finds), encoding="utf-8")
    log = folder / "log.txt"
    flags = of_preset(preset).flags
    command = [program("cmake"), "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={program('ninja')}", *flags]
    run("trying the compiler", [*command, "-S", folder, "-B", folder], log, cmake_environment(preset))
    return (folder / "missing").read_text(encoding="utf-8").split()
