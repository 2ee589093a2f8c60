"""CONTRIBUTING.md's promise: a new implementation is one new file, listed and verified without another edit.

The recipe's own code is what is added here, so that it cannot rot: the first ```cpp block of CONTRIBUTING.md, saved
where the line before it says. Then one character makes it wrong, and it must be rejected.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from trilbench.git import git

ROOT = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ.get("TRILBENCH_BUILD", ROOT / "build" / "release")).resolve()
SETS = {"scalar", "auto-sse2", "auto-avx2", "auto-avx512", "auto-neon"}


def recipe() -> tuple[str, str]:
    """The file's path and its code."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    found = re.search(r"`(src/operations/causal_mean/\w+\.cpp)`:\n\n```cpp\n(.*?)```", text, re.DOTALL)
    assert found, "CONTRIBUTING.md shows no file of src/operations/causal_mean/ any more"
    return found[1], found[2]


def cached(name: str) -> str:
    """A variable of the build folder's CMake cache."""
    found = re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE)
    return found[1] if found else ""


class Tree:
    """A copy of the source tree with a build folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self._build = folder / "build"
        files = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        for file in filter(None, files):
            if (ROOT / file).is_file():
                (self.source / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / file, self.source / file)
        fetched = (f"-DFETCHCONTENT_SOURCE_DIR_{src.name[:-4].upper()}={src}" for src in BUILD.glob("_deps/*-src"))
        same = ["CMAKE_CXX_COMPILER", "CMAKE_MAKE_PROGRAM", "CMAKE_PREFIX_PATH", "TRILBENCH_XSIMD_INCLUDE_DIR"]
        self._call(
            *[cached("CMAKE_COMMAND"), "-G", "Ninja", "-S", self.source, "-B", self._build, "-DTRILBENCH_TESTS=OFF"],
            *["-DCMAKE_BUILD_TYPE=Debug", "-DTRILBENCH_KERNEL_OPTIMISATION=-O1"],  # quick to compile
            *(f"-D{name}={cached(name)}" for name in same if cached(name)),
            *fetched,
        )

    def build(self) -> None:
        self._call(cached("CMAKE_COMMAND"), "--build", self._build, "--target", "bench_causal_mean")

    def benchmark(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        binary = self._build / "bench" / "causal_mean"
        return subprocess.run([binary, *arguments], capture_output=True, text=True, check=False)

    def _call(self, *command: str | Path) -> None:
        unpacked = ROOT / ".deps" / "libraries" / "usr"
        env = {"CMAKE_PREFIX_PATH": str(unpacked), **os.environ}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_file_is_listed_and_verified_and_rejected_when_wrong(tmp_path):
    if not (BUILD / "CMakeCache.txt").exists():
        pytest.skip(f"there is no build in {BUILD}")
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what belongs to the tree is unknown")
    path, code = recipe()
    name = Path(path).stem
    wrong = code.replace("static_cast<double>(t + 1)", "static_cast<double>(t + 2)")
    assert wrong != code

    tree = Tree(tmp_path)  # configured before the file is there: the build must notice it by itself
    file = tree.source / path
    file.write_text(code)
    tree.build()

    shapes = "--shapes=3x5x7,2x1000x3"
    listed = tree.benchmark(f"--only={name}", shapes, "--list=json")
    assert listed.returncode == 0, listed.stderr
    rows = json.loads(listed.stdout)["rows"]
    assert {row["implementation"] for row in rows} == {name}
    assert {row["isa"] for row in rows} <= SETS
    assert {"scalar", "auto-sse2"} <= {row["isa"] for row in rows} or "auto-neon" in {row["isa"] for row in rows}

    timed = tree.benchmark(f"--only={name}", shapes, "--benchmark_min_time=0.001", "--benchmark_format=json")
    assert timed.returncode == 0, timed.stderr
    verified = json.loads(timed.stdout)["benchmarks"]
    assert len(verified) == sum(not row["skipped"] for row in rows)
    assert all(row["error_over_bound"] <= 1 for row in verified)

    file.write_text(wrong)
    tree.build()
    rejected = tree.benchmark(f"--only={name}", shapes, "--benchmark_min_time=0.001")
    assert rejected.returncode == 2
    assert "error_over_bound" in rejected.stdout + rejected.stderr
