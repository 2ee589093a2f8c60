"""Making a machine ready, as far as that can be tried without one."""

import ast
import json
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import settings
from trilbench.machine import cores
from trilbench.machine import facts as machine
from trilbench.main import COMMANDS
from trilbench.paths import ROOT
from trilbench.setup import debian, environment, libraries, toolchain, tools
from trilbench.setup.debian import relocate
from trilbench.setup.libraries import Declared, declared
from trilbench.stop import Stop


def test_unpacked_packages_find_their_own_files(tmp_path):
    # Would catch: headers looked for in /usr/include, where a package that was only unpacked has none.
    file = tmp_path / "usr" / "lib" / "cmake" / "doctest" / "doctestTargets.cmake"
    file.parent.mkdir(parents=True)
    file.write_text('a\nset(_IMPORT_PREFIX "/usr")\nb\n')
    relocate(file, tmp_path / "usr")
    own = 'get_filename_component(_IMPORT_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)'
    assert file.read_text() == f"a\n{own}\nb\n"


def test_the_libraries_are_read_from_cmake():
    # Would catch: a library that the scripts never look for, or another version of it than CMake asks for.
    text = """
    FetchContent_Declare(one  # (why
      GIT_REPOSITORY https://example.org/one.git
      FIND_PACKAGE_ARGS)  # any version
    trilbench_need(one o/one libone-dev one-devel one)
    FetchContent_Declare(two
      GIT_TAG abc  # 1.2
      FIND_PACKAGE_ARGS 1.7.1)
    trilbench_need(two t/two libtwo-dev two-devel two)
    """
    assert declared(text) == {
        "one": Declared("", "libone-dev", "one-devel"),
        "two": Declared("1.7.1", "libtwo-dev", "two-devel"),
    }
    assert set(declared()) == {"benchmark", "doctest", "xsimd"}


def test_a_system_that_does_not_tell_which_cores_are_ours(monkeypatch):
    # Would catch: a traceback on macOS.
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores.allowed_count() == os.cpu_count()
    assert machine.environment()["cores_allowed"] == os.cpu_count()


def test_the_tests_wait_for_nobody():
    # Would catch: scripts/test that hangs while the tree is being built, and examples that fail on a busy machine.
    assert not tools.DEPENDENCIES.is_relative_to(ROOT)
    assert settings.default.deadline is None


@pytest.mark.parametrize("kind", ["x86_64", "aarch64"])
def test_a_build_for_another_machine_is_started_by_its_emulator(monkeypatch, tmp_path, kind):
    # Would catch: an AArch64 program called as it is on x86-64, or emulated where it runs by itself.
    monkeypatch.setattr(toolchain.platform, "machine", lambda: kind)
    monkeypatch.setattr(toolchain, "EMULATOR", tmp_path)
    program = tmp_path / "usr" / "bin" / "qemu-aarch64-static"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", "")
    words = toolchain.launcher(toolchain.of_preset("aarch64"), install=False)
    assert (str(program) in words) == (kind == "x86_64")
    assert toolchain.launcher(toolchain.of_preset("release"), install=False) == ()


def test_an_emulator_that_is_not_to_be_had_names_its_package(monkeypatch, tmp_path):
    monkeypatch.setattr(toolchain.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(toolchain, "EMULATOR", tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Stop, match=r"there is no qemu-aarch64.*qemu-user"):
        toolchain.launcher(toolchain.of_preset("aarch64"), install=False)


def test_packages_of_another_machine_lie_apart_and_are_asked_for_as_its_own(monkeypatch, tmp_path):
    # Would catch: this machine's libraries linked into another's programs, or "nothing to do: it is installed".
    monkeypatch.setattr(toolchain.platform, "machine", lambda: "x86_64")
    folders = [libraries.unpacked(toolchain.of_preset(preset)) for preset in ("release", "aarch64")]
    assert folders[0] != folders[1]
    monkeypatch.setattr(debian, "DEPENDENCIES", tmp_path)
    commands = []
    monkeypatch.setattr(debian, "succeeds", lambda command, *_: commands.append(command) or True)
    debian.unpack("name", ["libbenchmark-dev"], "arm64")
    assert [command[-1] for command in commands] == ["update", "libbenchmark-dev"]
    for command in commands:
        assert "-oAPT::Architecture=arm64" in command
        assert any(word.startswith("-oDir::State::status=") for word in command)


@pytest.mark.parametrize(("told", "compiler"), [(None, "c++"), ("", "c++"), (" ", "c++"), ("clang++ -m64", "clang++")])
def test_the_users_compiler_counts_where_one_is_named(monkeypatch, told, compiler):
    # Would catch: an IndexError where CXX is set to nothing.
    monkeypatch.delenv("CXX", raising=False)
    if told is not None:
        monkeypatch.setenv("CXX", told)
    assert toolchain.of_preset("release").compiler == compiler


def test_every_compiler_that_a_preset_names_is_known_to_the_scripts():
    # Would catch: a new preset whose libraries are looked for with another compiler than it builds with.
    for preset in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]:
        known = toolchain.of_preset(preset["name"]).flags
        named = preset.get("toolchainFile") or preset.get("cacheVariables", {}).get("CMAKE_CXX_COMPILER")
        assert bool(known) == bool(named), preset["name"]


def answer_as_python(version):
    """A program in the place of the environment's Python."""
    environment.PYTHON.write_text(f"#!/bin/sh\necho {version}\n")
    environment.PYTHON.chmod(0o755)


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """What pip is asked for, in a project of its own whose packages are fakes."""
    calls = []
    for name in ("ENVIRONMENT", "PYTHON", "STAMP", "LOG", "REQUIREMENTS"):
        monkeypatch.setattr(environment, name, tmp_path / name)
    answer_as_python("3 11")
    (tmp_path / "REQUIREMENTS").mkdir()
    for name in ("bench", "statistics", "test"):
        (tmp_path / "REQUIREMENTS" / f"{name}.txt").write_text("one==1")
    monkeypatch.setattr(environment, "pip", lambda: ["pip"])
    monkeypatch.setattr(environment, "run", lambda what, command, _: calls.extend([what, *map(str, command)]))
    monkeypatch.setattr(environment, "succeeds", lambda *_: True)
    monkeypatch.setattr(environment.variables, "drop", lambda _: [])
    monkeypatch.setattr(environment.os, "execv", lambda *_: None)

    def installed(command):
        """The lists that the command's start installs, and whether the environment was made anew."""
        calls.clear()
        environment.enter(command, install=True)
        assert not calls or "--require-hashes" in calls
        lists = [Path(word).stem for word in calls if word.startswith("--requirement=")]
        return lists, "making the virtual environment" in calls

    return installed


def test_a_command_installs_what_it_needs_and_no_more(installed):
    # Would catch: the packages of tests on a machine that only measures; packages installed at every call.
    assert installed("bench") == (["bench"], True)
    assert installed("bench") == ([], False)
    assert installed("compare") == (["statistics"], False)
    assert installed("test") == (["test"], False)
    assert installed("bench") == ([], False)


def test_an_environment_is_made_anew_where_it_no_longer_fits(installed):
    # Would catch: yesterday's versions, or another Python's modules.
    installed("test")
    (environment.REQUIREMENTS / "bench.txt").write_text("one==2")
    assert installed("compare") == (["bench", "statistics"], True)
    answer_as_python("3 99")
    assert installed("bench") == (["bench"], True)
    assert installed("bench") == ([], False)
    environment.PYTHON.write_text("#!/nowhere/python3\n")
    assert installed("bench") == (["bench"], True)


def test_an_environment_serves_whichever_python_calls(installed, monkeypatch):
    # Would catch: a working environment that is deleted, without network too, because another Python is the first in
    # the user's PATH today.
    installed("bench")
    monkeypatch.setattr(environment.sys, "version_info", (3, 99))
    assert installed("bench") == ([], False)


def test_what_is_missing_is_named_where_nothing_may_be_installed(installed):
    installed("bench")
    with pytest.raises(Stop, match=r"requirements/statistics\.txt, requirements/test\.txt; leave --no-install away"):
        environment.enter("test", install=False)


LISTS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("file", LISTS, ids=[file.stem for file in LISTS])
def test_every_package_is_pinned_with_its_hashes_wherever_it_comes_from(file):
    # Would catch: a package that a mirror may change, or that comes from one place only.
    text = file.read_text()
    assert "://" not in text
    packages = re.split(r"\n(?=\w)", text.partition("\n")[2])
    assert packages
    for package in packages:
        assert re.match(r"[\w.-]+==[\w.]+ (; .* )?\\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n?)+$", package), package


def test_the_lists_hold_what_the_project_asks_for():
    # Would catch: a package added to pyproject.toml without requirements/lock.
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for file in LISTS:
        pinned = set(re.findall(r"^([\w.-]+)==", file.read_text(), re.MULTILINE))
        assert {re.match(r"[\w-]+", wish)[0] for wish in groups[file.stem]} <= pinned


def test_measuring_needs_no_more_than_its_list():
    # Would catch: scripts/bench that stops in an import on every machine but the developers'.
    names = {"vl_convert": "vl-convert-python", "yaml": "pyyaml"}
    listed = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements/bench.txt").read_text(), re.MULTILINE))
    seen, left = set(), ["trilbench.main", *(f"trilbench.{name}" for name in COMMANDS["bench"])]
    while left:
        module = left.pop()
        if module in seen:
            continue
        seen.add(module)
        if not module.startswith("trilbench"):
            package = module.partition(".")[0]
            assert package in sys.stdlib_module_names or names.get(package, package) in listed, module
            continue
        file = ROOT / "scripts" / Path(*module.split("."))
        file = file.with_suffix(".py") if file.with_suffix(".py").exists() else file / "__init__.py"
        if file.exists():  # else a name that a module is asked for
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Import):
                    left += [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    ours = node.module.startswith("trilbench")
                    left += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names if ours)]


def test_only_what_the_user_lacks_is_unpacked(monkeypatch, tmp_path):
    # Would catch: Debian's xsimd found before the user's because doctest was missing; a later one instead of the first.
    (tmp_path / "usr/share/doc/libxsimd-dev").mkdir(parents=True)
    answers = [["doctest"], []]
    asked = []
    monkeypatch.setattr(libraries, "_missing", lambda *_: answers.pop(0))
    monkeypatch.setattr(libraries, "unpacked", lambda _: tmp_path)
    monkeypatch.setattr(debian, "available", lambda: True)
    monkeypatch.setattr(debian, "unpack", lambda *words: asked.append(words) or tmp_path)
    libraries.ensure("release", install=True)
    assert asked == [(tmp_path.name, ["libxsimd-dev", "doctest-dev"], "")]


def test_what_is_missing_names_its_packages(monkeypatch):
    monkeypatch.setattr(libraries, "_missing", lambda *_: ["doctest", "xsimd"])
    with pytest.raises(
        Stop, match=r"doctest, xsimd \(Debian: doctest-dev libxsimd-dev; Fedora: doctest-devel xsimd-devel"
    ):
        libraries.ensure("release", install=False)
