"""Configuring and building, of a little project: what CMake remembers must be what holds now."""

import json

import pytest
from trilbench.setup import build, libraries
from trilbench.stop import Stop

PROJECT = """\
cmake_minimum_required(VERSION 3.25)
project(little LANGUAGES CXX)
set(TRILBENCH_EIGEN "" CACHE PATH "")
file(WRITE ${CMAKE_BINARY_DIR}/flags.txt "${CMAKE_CXX_FLAGS}|${CMAKE_EXE_LINKER_FLAGS}")
add_custom_target(ours ALL)
if(TRILBENCH_EIGEN)
  add_custom_command(OUTPUT mean_eigen COMMAND ${CMAKE_COMMAND} -E false)
  add_custom_target(theirs ALL DEPENDS mean_eigen)
endif()
"""
PRESETS = {"version": 6, "configurePresets": [{"name": "release", "generator": "Ninja"}]}


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Builds the project, with the settings of libraries; returns the flags it was built with."""
    for name in ("CXXFLAGS", "LDFLAGS", "CMAKE_PREFIX_PATH", "CMAKE_TOOLCHAIN_FILE", "xsimd_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(libraries, "ensure", lambda *_: None)
    (tmp_path / "CMakeLists.txt").write_text(PROJECT)
    (tmp_path / "CMakePresets.json").write_text(json.dumps(PRESETS))

    def make(*settings):
        folder = build.build_source(tmp_path, tmp_path / "build", "release", "all", install=False, settings=settings)
        return (folder / "flags.txt").read_text()

    return make


def test_the_users_flags_count_whenever_they_change(make, monkeypatch, capsys):
    # Would catch: flags of an earlier day, which CMake remembers, under the name of today's; flags that nobody told.
    assert make() == "|"
    monkeypatch.setenv("CXXFLAGS", "-DONE")
    monkeypatch.setenv("LDFLAGS", "-L/one")
    assert make() == "-DONE|-L/one"
    assert "CXXFLAGS=-DONE, LDFLAGS=-L/one" in capsys.readouterr().err
    assert make() == "-DONE|-L/one"
    assert "configuring" not in capsys.readouterr().err
    monkeypatch.delenv("CXXFLAGS")
    assert make() == "|-L/one"


def test_a_library_that_does_not_compile_breaks_no_later_build(make, capsys):
    # Would catch: a build folder that fails until it is deleted, because of what CMake remembers of the library.
    with pytest.raises(Stop, match="the build failed"):
        make("-DTRILBENCH_EIGEN=/broken")
    assert "later builds leave eigen away" in capsys.readouterr().err
    make()


@pytest.mark.parametrize("name", ["MAKEFLAGS", "DESTDIR", "CMAKE_GENERATOR", "CMAKE_GENERATOR_PLATFORM"])
def test_what_is_meant_for_other_builds_does_no_harm(make, monkeypatch, name):
    # Would catch: a build that a Makefile's own -n, or another generator, leads elsewhere.
    monkeypatch.setenv(name, "-n -j --jobserver-auth=fifo:/nowhere" if name == "MAKEFLAGS" else "Unix Makefiles")
    make()
