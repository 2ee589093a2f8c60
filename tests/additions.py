"""A copy of the tree, to which tests add what CONTRIBUTING.md shows how to add: its own code, so that no recipe rots.

Of the operations and their tests the copy holds what it takes to build one program quickly. All tests of additions
share it and its build folder, one test at a time.
"""

import json
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from built_binaries import BUILD, ROOT, build_setting
from trilbench.git import git

NEW_SET = "avx512vl"
KEPT_OPERATIONS = ("causal_mean", "machine")
KEPT_TESTS = ("CMakeLists.txt", "main.cpp", "operation_tests.cpp", "operation_tests.hpp")
SETS = f"sse2|neon|{NEW_SET}"  # the baseline of each kind of machine, and the set that is added


def recipe(heading: str) -> dict[str, str]:
    """The code of CONTRIBUTING.md's section, by the path that stands before each block."""
    section = (ROOT / "CONTRIBUTING.md").read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = dict(re.findall(r"`([\w/.]+)`:\n\n```\w*\n(.*?)```", section, re.DOTALL))
    assert found, f"CONTRIBUTING.md shows no code under '{heading}' any more"
    return found


class Tree:
    """The copy and its build folder."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.build_folder = folder / "build"

    def make(self) -> None:
        """Copies and configures: what is added later the build must notice by itself. Only the instruction set, for
        which everything is compiled anew, is there from the start."""
        for file in filter(None, git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")):
            if (ROOT / file).is_file() and _is_kept(file):
                self.add(file, (ROOT / file).read_bytes())
        if platform.machine() == "x86_64":
            files = recipe("An instruction set")
            self.edit(files.pop("the.diff"))
            for file, code in files.items():
                assert file == f"src/simd/{NEW_SET}.hpp"
                self.add(file, code)
        fetched = (f"-DFETCHCONTENT_SOURCE_DIR_{src.name[:-4].upper()}={src}" for src in BUILD.glob("_deps/*-src"))
        same = ["CMAKE_CXX_COMPILER", "CMAKE_MAKE_PROGRAM", "CMAKE_PREFIX_PATH", "TRILBENCH_XSIMD_INCLUDE_DIR"]
        self._call(
            *[build_setting("CMAKE_COMMAND"), "-G", "Ninja", "-S", self.source, "-B", self.build_folder],
            *["-DCMAKE_BUILD_TYPE=Debug", "-DTRILBENCH_KERNEL_OPTIMISATION=-O1"],  # quick to compile
            *[f"-DTRILBENCH_SETS={SETS}", "-DTRILBENCH_ODD_TUNINGS=OFF"],
            *(f"-D{name}={build_setting(name)}" for name in same if build_setting(name)),
            *fetched,
        )

    def add(self, file: str, content: str | bytes) -> None:
        """A new file, or one with other content."""
        path = self.source / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def edit(self, difference: str) -> None:
        """What a difference between files says, by its lines alone: '--- file', '-', '+', ' ', '@@' between places."""
        for part in re.split(r"^--- ", difference, flags=re.MULTILINE)[1:]:
            file, _, places = part.partition("\n")
            text = (self.source / file).read_text()
            for place in re.split(r"^@@\n", places, flags=re.MULTILINE):
                lines = place.splitlines(keepends=True)
                old, new = ("".join(line[1:] for line in lines if line[0] in kinds) for kinds in (" -", " +"))
                assert text.count(old) == 1, f"{file} does not hold, or holds twice:\n{old}"
                text = text.replace(old, new)
            (self.source / file).write_text(text)

    def build(self, *targets: str) -> None:
        self._call(build_setting("CMAKE_COMMAND"), "--build", self.build_folder, "--target", *targets)

    def run(self, program: str, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        command = [*prefix, self.build_folder / program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def listed(self, program: str, *arguments: str, prefix: tuple[str, ...] = ()) -> list[dict]:
        """The rows of --list."""
        done = self.run(program, *arguments, "--list=json", prefix=prefix)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["rows"]

    def timed(self, program: str, *arguments: str) -> list[dict]:
        """The rows that were verified and timed."""
        done = self.run(program, *arguments, "--benchmark_min_time=0.001", "--benchmark_format=json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["benchmarks"]

    def _call(self, *command: str | Path) -> None:
        unpacked = ROOT / ".deps" / "libraries" / "usr"
        env = {"CMAKE_PREFIX_PATH": str(unpacked), **os.environ}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def make_once(folder: Path) -> Tree:
    """The tree in that folder, made unless it is there."""
    if not (BUILD / "CMakeCache.txt").exists():
        pytest.skip(f"there is no build in {BUILD}")
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what belongs to the tree is unknown")
    tree = Tree(folder)
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        tree.make()
        (folder / "complete").touch()
    return tree


def _is_kept(file: str) -> bool:
    folder, _, rest = file.partition("/")
    if file.startswith("src/operations/") and file.count("/") > 2:
        return file.split("/")[2] in KEPT_OPERATIONS
    if folder == "bench" and file.endswith(".cpp") and "/" not in rest:
        return Path(rest).stem in KEPT_OPERATIONS
    if folder == "tests":
        return rest in KEPT_TESTS
    return not file.startswith("src/peers/")
