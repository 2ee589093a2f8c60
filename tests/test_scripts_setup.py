"""Making a machine ready, as far as that can be tried without one."""

import os

from hypothesis import settings
from trilbench.host import machine
from trilbench.host.cores import usable
from trilbench.paths import ROOT
from trilbench.setup import lock
from trilbench.setup.debian import relocate
from trilbench.setup.libraries import declared


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
    FetchContent_Declare(two
      GIT_TAG abc  # 1.2
      FIND_PACKAGE_ARGS 1.7.1)
    """
    assert declared(text) == {"one": "", "two": "1.7.1"}


def test_a_system_that_does_not_tell_which_cores_are_ours(monkeypatch):
    # Would catch: a traceback on macOS.
    monkeypatch.delattr(os, "sched_getaffinity")
    assert usable() == os.cpu_count()
    assert machine.environment()["cores_allowed"] == os.cpu_count()


def test_the_tests_wait_for_nobody():
    # Would catch: scripts/test that hangs while the tree is being built, and examples that fail on a busy machine.
    assert not lock.DEPENDENCIES.is_relative_to(ROOT)
    assert settings.default.deadline is None
