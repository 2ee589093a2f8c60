"""What users' environments and hooks export: honoured, or kept from leading the scripts astray."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from trilbench.setup import environment, libraries, variables
from trilbench.stop import Stop

SCRIPTS = Path(__file__).parents[1] / "scripts"
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "name",
    [
        *("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_DEPS"),
        *("PIP_CONSTRAINT", "PIP_NO_BINARY", "PIP_PYTHON_VERSION", "PIP_DRY_RUN"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "PYTHONOPTIMIZE", "PYTHONWARNINGS"),
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"),
        *("PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"),
    ],
)
def test_what_leads_our_programs_astray_is_dropped(name):
    # Would catch: packages in ~/.local or without what they need, modules of another Python, another repository.
    given = {name: "1", "HOME": "/root"}
    assert variables.drop(given) == [name]
    assert given.get(name, "0") == "0"
    assert given["HOME"] == "/root"
    assert variables.drop(given) == []  # or the same command would be started anew for ever


@pytest.mark.parametrize(
    "name",
    [
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_PROXY", "PIP_CERT"),
        *("PIP_CLIENT_CERT", "PIP_TRUSTED_HOST", "PIP_CONFIG_FILE", "PIP_CACHE_DIR", "PIP_DEFAULT_TIMEOUT"),
        *("PYTHONIOENCODING", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO"),
        *("GIT_CONFIG_GLOBAL", "CXX", "CXXFLAGS", "LDFLAGS", "CMAKE_PREFIX_PATH", "xsimd_ROOT", "MAKEFLAGS"),
    ],
)
def test_what_says_whence_and_how_is_kept(name):
    # Would catch: a machine that reaches packages through a mirror only, and installs nothing any more.
    given = {name: "1"}
    assert variables.drop(given) == []
    assert given[name] == "1"


@pytest.mark.parametrize("name", ["inside", "outside"])
def test_another_projects_packages_do_not_shadow_ours(tmp_path, name):
    # Would catch: a traceback from the numpy, or the trilbench, of PYTHONPATH.
    for package in ("rich", "numpy", "trilbench"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise ImportError('another')")
    python = sys.executable if name == "inside" else sys._base_executable
    steered = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1", "PIP_USER": "1", "PYTHONOPTIMIZE": "2"}
    command = [python, SCRIPTS / "report", "--no-install", tmp_path / "none"]
    done = subprocess.run(command, env=steered, capture_output=True, text=True, check=False)
    assert done.stderr.startswith("error: ")
    assert "none" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_pip_installs_into_the_environment_whatever_it_is_told(tmp_path):
    # Would catch: a setting by which pip stops, or installs elsewhere; pip is asked here where it would install.
    told = os.environ | {"PIP_USER": "1", "PIP_TARGET": str(tmp_path), "PIP_NO_DEPS": "1", "PIP_ISOLATED": "0"}
    (tmp_path / "pip.conf").write_text("[global]\nuser = true\nno-deps = true\nindex-url = https://mirror.example/\n")
    told["PIP_CONFIG_FILE"] = str(tmp_path / "pip.conf")
    assert options_of_pip(told)[0] is True
    variables.drop(told)
    assert options_of_pip(told) == [False, None, False, "https://mirror.example/"]


def options_of_pip(variables_given):
    python, place = environment.pip()[:2]
    code = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); from pip._internal.commands import create_command;"
        "chosen, _ = create_command('install').parser.parse_args([]);"
        "print(json.dumps([bool(chosen.use_user_site), chosen.target_dir, chosen.ignore_dependencies, "
        "chosen.index_url]))"
    )
    command = [python, "-c", code, Path(place).parent]
    done = subprocess.run(command, env=variables_given, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_an_installation_that_went_elsewhere_is_told(tmp_path, monkeypatch):
    # Would catch: an environment that passes for complete, and a traceback from its first import.
    for name in ("ENVIRONMENT", "PYTHON", "STAMP", "LOG"):
        monkeypatch.setattr(environment, name, tmp_path / name)
    monkeypatch.setattr(environment, "run", lambda *_: None)
    monkeypatch.setattr(environment, "pip", list)
    monkeypatch.setattr(environment, "succeeds", lambda *_: False)
    with pytest.raises(Stop, match=r"not into \.venv.*pip\.conf"):
        environment.ensure(("bench",), install=True)
    assert not (tmp_path / "STAMP").exists()


@pytest.mark.parametrize("name", ["a:b", "a;b"])
def test_a_separator_in_the_checkouts_path_is_named(name, monkeypatch):
    # Would catch: libraries just unpacked that CMake does not find, a build that fails unexplained.
    monkeypatch.setattr(environment, "ROOT", Path("/home") / name)
    with pytest.raises(Stop, match=f"^move this checkout, /home/{name}: '{name[1]}' is in its path"):
        environment.enter("bench", install=False)


PROJECT = """\
cmake_minimum_required(VERSION 3.25)
project(which LANGUAGES NONE)
find_package(xsimd REQUIRED)
message(STATUS "found ${xsimd_DIR}.")
"""


@pytest.mark.parametrize("variable", ["CMAKE_PREFIX_PATH", "xsimd_ROOT", "xsimd_DIR", ""])
def test_the_users_libraries_come_before_ours(monkeypatch, tmp_path, variable):
    # Would catch: CMAKE_PREFIX_PATH replaced, as conda, Spack and modules set it, or ours in front of it.
    for name in ("CMAKE_PREFIX_PATH", "xsimd_ROOT", "xsimd_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(libraries, "unpacked", lambda _: tmp_path / "ours")
    configs = {owner: tmp_path / owner / "usr/lib/cmake/xsimd" for owner in ("ours", "mine")}
    for config in configs.values():
        config.mkdir(parents=True)
        (config / "xsimdConfig.cmake").touch()
    (tmp_path / "CMakeLists.txt").write_text(PROJECT)
    if variable:
        monkeypatch.setenv(variable, str(configs["mine"] if variable == "xsimd_DIR" else tmp_path / "mine/usr"))
    make = ["-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={TOOLS / 'ninja'}"]
    env = os.environ | libraries.cmake_environment("release")
    command = [TOOLS / "cmake", *make, "-S", tmp_path, "-B", tmp_path / "build"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert f"found {configs['mine' if variable else 'ours']}." in done.stdout
