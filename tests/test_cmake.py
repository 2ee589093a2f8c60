"""The project as CMake's users meet it: ctest, installing, generators, other projects' subdirectories, and libraries
that are not there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from built_binaries import ROOT
from trilbench.setup import libraries

TOOLS = Path(sys.executable).parent


def cmake(*arguments, **environment):
    """Runs CMake with what the scripts give it; returns what it says, lines joined."""
    done = subprocess.run(
        [TOOLS / "cmake", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | libraries.cmake_environment("release") | environment,
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def configured(source, folder, *settings, generator="Ninja"):
    make = f"-DCMAKE_MAKE_PROGRAM={TOOLS / 'ninja'}"
    code, text = cmake("-G", generator, make, "-S", source, "-B", folder, *settings)
    assert code == 0, text
    return folder


def listed_tests(folder):
    return subprocess.run(
        [TOOLS / "ctest", "--test-dir", folder, "--show-only"], capture_output=True, text=True, check=True
    ).stdout


def test_ctest_runs_the_tests_and_installing_says_that_there_is_nothing(tmp_path):
    """Else "No tests were found" looks like a pass."""
    folder = configured(ROOT, tmp_path)
    assert ": trilbench_tests" in listed_tests(folder)
    assert ": pytest" in listed_tests(folder)
    code, text = cmake("--install", folder, "--prefix", tmp_path / "prefix")
    assert code == 0
    assert "trilbench installs nothing" in text


def test_tests_are_not_built_in_another_project(tmp_path):
    source = tmp_path / "other"
    source.mkdir()
    (source / "CMakeLists.txt").write_text(
        f'cmake_minimum_required(VERSION 3.25)\nproject(other CXX)\nenable_testing()\nadd_subdirectory("{ROOT}" own)\n'
    )
    folder = configured(source, tmp_path / "build")
    assert "trilbench_tests" not in listed_tests(folder)
    assert not (folder / "own" / "tests").exists()


def test_each_configuration_has_sealed_objects_of_its_own(tmp_path):
    """With one for all, Debug's programs would hold Release's kernels, or the other way round."""
    folder = configured(ROOT, tmp_path, generator="Ninja Multi-Config")
    for name in ("Debug", "Release"):
        rules = (folder / "CMakeFiles" / f"impl-{name}.ninja").read_text()
        assert f"build src/{name}/trilbench_operations_scalar.o " in rules


@pytest.mark.parametrize(
    ("library", "packages"),
    [
        ("benchmark", ("libbenchmark-dev", "google-benchmark-devel", "google-benchmark")),
        ("doctest", ("doctest-dev", "doctest-devel", "doctest")),
        ("xsimd", ("libxsimd-dev", "xsimd-devel", "xsimd")),
        ("OpenMP", ("libomp-", "libomp-devel", "libomp")),
    ],
)
def test_a_library_that_is_not_to_be_had_names_its_packages(tmp_path, library, packages):
    """Where GitHub is out of reach, as git says it."""
    (tmp_path / "git").write_text("#!/bin/sh\nexit 128\n")
    (tmp_path / "git").chmod(0o755)
    code, text = cmake(
        *("-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={TOOLS / 'ninja'}", "-S", ROOT, "-B", tmp_path / "build"),
        f"-DCMAKE_DISABLE_FIND_PACKAGE_{library}=ON",
        PATH=f"{tmp_path}:{os.environ['PATH']}",
    )
    assert code != 0
    debian, fedora, homebrew = packages
    assert f"{debian}" in text
    assert f"{fedora} on Fedora" in text
    assert f"{homebrew} in Homebrew" in text
