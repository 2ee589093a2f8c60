"""The C++ libraries: what CMake finds serves; else Debian's packages, unpacked in the project; else CMake fetches them.

cmake/Dependencies.cmake says which libraries and versions; asking CMake itself is the only honest test for them.
"""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from trilbench.paths import BUILD, DEPENDENCIES, ROOT, shown
from trilbench.setup import debian
from trilbench.setup.environment import program
from trilbench.setup.toolchain import Toolchain, of_preset
from trilbench.setup.tools import run, say
from trilbench.stop import Stop

DEBIAN_PACKAGES = {"benchmark": "libbenchmark-dev", "doctest": "doctest-dev", "xsimd": "libxsimd-dev"}

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
    missing = _missing(preset)
    if not missing:
        return
    names = ", ".join(missing)
    if not install:
        packages = " ".join(DEBIAN_PACKAGES[name] for name in missing)
        raise Stop(f"missing: {names} (Debian: {packages}); leave --no-install away to install in .deps")
    toolchain = of_preset(preset)
    folder = unpacked(toolchain)
    if debian.available():
        say(f"missing: {names}; unpacking Debian's packages into {shown(folder)}")
        architecture = toolchain.architecture if toolchain.foreign else ""
        if debian.unpack(folder.name, list(DEBIAN_PACKAGES.values()), architecture):
            missing = _missing(preset)
    if missing:
        say(f"missing: {', '.join(missing)}; CMake fetches the source from GitHub")


def declared(text: str) -> dict[str, str]:
    """The libraries that the text of cmake/Dependencies.cmake declares, with the arguments of their find_package."""
    text = re.sub(r"#.*", "", text)
    return dict(re.findall(r"FetchContent_Declare\(\s*(\w+)[^)]*?FIND_PACKAGE_ARGS\s*([^)]*?)\s*\)", text))


def _missing(preset: str) -> list[str]:
    """The libraries that CMake does not find, asked of a little project of its own."""
    libraries = declared((ROOT / "cmake" / "Dependencies.cmake").read_text(encoding="utf-8"))
    folder = BUILD / f"probe-{preset}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "CMakeLists.txt").write_text(_probe(libraries.items()), encoding="utf-8")
    log = folder / "log.txt"
    flags = of_preset(preset).flags
    command = [program("cmake"), "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={program('ninja')}", *flags]
    run("trying the compiler", [*command, "-S", folder, "-B", folder], log, cmake_environment(preset))
    return (folder / "missing").read_text(encoding="utf-8").split()


def _probe(libraries: Iterable[tuple[str, str]]) -> str:
    return _PROBE.format(finds="".join(_FIND.format(name=name, arguments=arguments) for name, arguments in libraries))
