"""What several tests share: the choice of tests by name, the emulator, the browser, stand-ins for what the
scripts call."""

import fcntl
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import additions
import browser
import pytest
from built_binaries import Binary, built, operation_of
from hypothesis import HealthCheck, settings
from trilbench.machine.facts import library_variables
from trilbench.setup import tools, variables

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A machine that is busy takes long for any example, and a run of the tests is a machine that is busy.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

variables.drop(os.environ)  # as every command does


@pytest.fixture(scope="session", autouse=True)
def own_lock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A setup lock of the tests' own: nothing here waits for what is installed or built elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tools, "DEPENDENCIES", tmp_path_factory.mktemp("lock"))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", action="append", default=[], help="run only tests whose names contain this")
    parser.addoption("--leave-slow", action="store_true", help="leave the tests that are marked slow")


SLOW_FIXTURES = {"chromium", "tree"}  # what opens pages in a browser, and what builds


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    parts = [part.lower() for part in config.getoption("--part")]
    chosen = [item for item in items if not parts or any(part in item.nodeid.lower() for part in parts)]
    items[:] = [item for item in chosen if not (config.getoption("--leave-slow") and is_slow(item))]
    if hasattr(config, "workeroutput"):  # for who started this process
        config.workeroutput["left"] = len(chosen) - len(items)


def is_slow(item: pytest.Item) -> bool:
    """Marked so, of those fixtures, or of a library's program."""
    program = item.callspec.params.get("program", "") if hasattr(item, "callspec") else ""
    of_library = operation_of(str(program)) not in (None, program)
    return bool(of_library or item.get_closest_marker("slow") or SLOW_FIXTURES & {*getattr(item, "fixturenames", ())})


@pytest.fixture
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[additions.Tree]:
    """The copy of the tree that tests add to, which they share, one at a time."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "additions.lock").open("w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield additions.make_once(shared / "additions")


@pytest.fixture(scope="session")
def qemu() -> str:
    """qemu's user-mode emulator of x86-64: the one that scripts/test found or unpacked, or the system's."""
    if platform.machine() != "x86_64":
        pytest.skip("emulates x86-64 CPUs on x86-64 only")
    names = (os.environ.get("TRILBENCH_QEMU"), "qemu-x86_64", "qemu-x86_64-static")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if not found:
        pytest.skip("qemu-x86_64 is missing (Debian: qemu-user)")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The system's Chromium, driven by Playwright. Skips where one of them is missing; fails there if
    TRILBENCH_NEED_BROWSER is set, as it is where the tests must not be skipped."""
    if reason := browser.missing():
        (pytest.fail if os.environ.get("TRILBENCH_NEED_BROWSER") else pytest.skip)(reason)
    with browser.started() as found:
        yield found


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """report.html of a run and of a comparison, plain and with hostile names."""
    import report_pages  # here, for what it imports takes a second

    return report_pages.made(tmp_path_factory.mktemp("pages"))


class FakeBinary:
    """A program that answers as build/release/bench/causal_mean does (fake_benchmark.py), and others like it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._calls = folder / "calls"
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("FAKE_CALLS", str(self._calls))
        for name in library_variables():  # of which a run with libraries warns
            monkeypatch.delenv(name)
        self.path = self.beside("causal_mean")

    def beside(self, program: str) -> Path:
        """Another program in the same folder: causal_mean_openblas, machine."""
        path = self._folder / program
        script = Path(__file__).parent / "fake_benchmark.py"
        path.write_text(f'#!/bin/sh\nFAKE_PROGRAM={program} exec {sys.executable} {script} "$@"\n')
        path.chmod(0o755)
        return path

    def misbehave(self, **behaviours: str) -> None:
        """From now on: shapes, as s4x8x2, or other programs' cells, as machine/4x8x2, and what goes wrong there."""
        words = (f"{shape.removeprefix('s')}:{what}" for shape, what in behaviours.items())
        self._monkeypatch.setenv("FAKE", " ".join(words))

    def calls(self) -> list[str]:
        """The cells that were measured, in order: its own shapes, others' as machine/4x8x2."""
        return self._calls.read_text().split() if self._calls.exists() else []


@pytest.fixture
def fake_binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeBinary:
    folder = tmp_path / "bench"
    folder.mkdir()
    return FakeBinary(folder, monkeypatch)


@pytest.fixture(scope="session")
def binary() -> Binary:
    """The operation's own program."""
    return built("causal_mean")


@pytest.fixture(scope="session")
def faulty() -> Binary:
    """The program whose rows are wrong."""
    return built("faulty_rows")
