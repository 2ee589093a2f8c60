"""scripts/test: how the Python tests are run and counted."""

import pytest
from trilbench.setup import test as command
from trilbench.setup.test_options import parse
from trilbench.stop import Stop

TESTS = {
    "conftest.py": "def pytest_addoption(parser): parser.addoption('--part', action='append', default=[])",
    "test_a.py": """
import os, time
from pathlib import Path
def test_meets_the_other():
    Path("a").touch()
    until = time.monotonic() + 60
    while not Path("b").exists():
        assert time.monotonic() < until, "the other file's do not run beside these"
def test_fails(): assert False
""",
    "test_b.py": """
import pytest, time
from pathlib import Path
def test_meets_the_other():
    Path("b").touch()
    until = time.monotonic() + 60
    while not Path("a").exists():
        assert time.monotonic() < until, "the other file's do not run beside these"
def test_is_skipped(): pytest.skip("no reason")
""",
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the tests above, or others, on that many cores."""

    def run(count, tests=TESTS):
        (tmp_path / "tests").mkdir()
        (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-ra'\n")
        for name, text in tests.items():
            (tmp_path / "tests" / name).write_text(text)
        monkeypatch.setitem(command._CAPTURED, "cwd", tmp_path)
        monkeypatch.setattr(command.cores, "allowed_count", lambda: count)
        monkeypatch.setattr(command.emulator, "find", lambda install: None)
        for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID", "PYTEST_ADDOPTS"):
            monkeypatch.delenv(name, raising=False)
        return command.run_pytest(tmp_path, parse([]), ())

    return run


def test_files_run_side_by_side_and_are_counted(run, capsys):
    # Would catch: one file after the other, counts of one process, a failure that nobody can repeat.
    tally = run(2)
    assert (tally.passed, tally.failed, tally.skipped) == (2, 1, 1)
    shown = capsys.readouterr().out
    assert "-m pytest tests/test_a.py::test_fails\n" in shown
    assert "PASSED tests/test_b.py::test_meets_the_other" in shown


def test_one_core_needs_no_workers(run):
    tests = {name: text.replace("_meets_the_other", "").replace("60", "0") for name, text in TESTS.items()}
    tally = run(1, tests | {"test_a.py": "def test_fails(): assert False", "test_b.py": "def test_passes(): pass"})
    assert (tally.passed, tally.failed, tally.skipped) == (1, 1, 0)


def test_a_test_that_kills_its_process_fails_and_stops_no_other(run, capsys):
    # Would catch: a crash that takes all results with it.
    crash = "import os, signal\ndef test_dies(): os.kill(os.getpid(), signal.SIGKILL)"
    tally = run(2, {"conftest.py": TESTS["conftest.py"], "test_a.py": crash, "test_b.py": "def test_passes(): pass"})
    assert (tally.passed, tally.failed) == (1, 1)
    assert "-m pytest tests/test_a.py::test_dies\n" in capsys.readouterr().out


def test_pytest_that_fails_is_told(run):
    with pytest.raises(Stop, match="pytest ended with exit code"):
        run(2, {"conftest.py": "raise RuntimeError", "test_a.py": "def test_passes(): pass"})
