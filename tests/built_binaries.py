"""The build folder in TRILBENCH_BUILD (default build/release): its benchmark binaries, as tests call them, and what it
was built with. The words in TRILBENCH_LAUNCHER start its programs where they are another machine's."""

import json
import os
import platform
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from trilbench import paths
from trilbench.paths import operations
from trilbench.setup.variables import GOOGLE_BENCHMARK

ROOT = Path(__file__).resolve().parents[1]
BUILD = (ROOT / os.environ.get("TRILBENCH_BUILD", "build/release")).resolve()
LAUNCHER = shlex.split(os.environ.get("TRILBENCH_LAUNCHER", ""))
QUICKLY = "--benchmark_min_time=0.005"


@dataclass(frozen=True)
class Binary:
    """A program that the tests call with arguments."""

    path: Path

    def __call__(self, *arguments, timeout=300, prefix=(), **environment):
        """Runs it, behind `prefix` if there is one; `environment` is added to the test's own."""
        return subprocess.run(
            [*prefix, *LAUNCHER, str(self.path), *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            env={name: os.environ[name] for name in os.environ if name not in GOOGLE_BENCHMARK} | environment,
        )

    def rows(self, *arguments):
        """The rows of a run's JSON."""
        result = self(*arguments, QUICKLY, "--benchmark_format=json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)["benchmarks"]

    def plan(self, *arguments):
        result = self(*arguments, "--list=json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)


def built(name):
    path = BUILD / "bench" / name
    if not path.exists():
        pytest.skip(f"{path} is not built")
    return Binary(path)


def machine_of_build() -> str:
    """The machine that the programs are for, as uname -m says it."""
    for file in BUILD.glob("CMakeFiles/*/CMakeSystem.cmake"):
        if found := re.search(r'^set\(CMAKE_SYSTEM_PROCESSOR "(.+)"\)', file.read_text(), re.MULTILINE):
            return found[1]
    return platform.machine()


def lane_sets() -> list[str]:
    """The sets that kernels in lanes are compiled for."""
    chosen = re.compile(build_setting("TRILBENCH_SETS") or ".*")
    return [name for name in paths.lane_sets()[machine_of_build()] if chosen.fullmatch(name)]


def build_setting(variable: str) -> str:
    """What CMake's cache says; empty if nothing."""
    cache = BUILD / "CMakeCache.txt"
    found = re.search(rf"^{variable}:\w+=(.+)$", cache.read_text(), re.MULTILINE) if cache.exists() else None
    return found[1] if found else ""


def build_tool(variable: str, default: str) -> str:
    """A tool of the build's toolchain (this machine's may not know its objects), by CMake's name of it."""
    return build_setting(variable) or default


def built_programs():
    """The names of the operations' programs that are built, and of those of libraries: <operation>_<library>."""
    found = [path.name for path in (BUILD / "bench").glob("*") if path.is_file() and os.access(path, os.X_OK)]
    return sorted(name for name in found if operation_of(name))


def operation_of(program):
    """The operation that the program measures; None for those that only tests use."""
    return next((name for name in operations() if program == name or program.startswith(f"{name}_")), None)


def one_line(text):
    """The only line of an error message."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]
