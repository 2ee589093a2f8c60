"""scripts/test: how the tests are run, counted and told."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import test_cpp
from trilbench.setup import test as suite

HERE = Path(__file__).parent
MEET = """
import time
from pathlib import Path
def test_meets_the_other():
    Path("{own}").touch()
    until = time.monotonic() + 60
    while not Path("{other}").exists():
        assert time.monotonic() < until, "the other file's do not run beside these"
"""
CRASH = "import os, signal\ndef test_dies(): os.kill(os.getpid(), signal.SIGKILL)"
PASS, FAIL = "def test_passes(): pass\n", "def test_fails(): assert False\n"
SLOW = "import pytest\n@pytest.mark.slow\ndef test_slow(): pass\n@pytest.mark.slow\ndef test_long(): pass\n"
SKIP = "import pytest\ndef test_is_skipped(): pytest.skip('no reason')\n"
ERROR = "import pytest\n@pytest.fixture\ndef broken():\n    yield\n    1 / 0\ndef test_ends_badly(broken): pass\n"

# What scripts/test does after the build, with these tests.
CALL = """
import sys
from pathlib import Path
from trilbench.machine import cores
from trilbench.setup import test
from trilbench.commands import TestOptions
cores.allowed_count = lambda: int(sys.argv[1])
test.build = lambda *_, **__: Path("build/release")
test.environment.ensure = lambda *_, **__: None
test.unverified = lambda *_: []
plain = test.run_tests
test.run_tests = lambda folder, options, launcher: plain(folder, options, launcher, Path.cwd())
from trilbench.stop import Stop
try:
    sys.exit(test.main(TestOptions.parse(["--no-install", *sys.argv[2:]])))
except Stop as stop:
    sys.exit(f"error: {stop}")
"""


@pytest.fixture
def run(tmp_path):
    """Runs the tests of the texts given, on that many cores; returns the exit code and what is said."""
    conftest = (HERE / "conftest.py").read_text()
    hooks = conftest[conftest.index("def pytest_addoption") : conftest.index("@pytest.fixture\ndef tree")]

    def run(*files, cores=2, options=(), conftest="import pytest\noperation_of = {}.get\n" + hooks):
        shutil.rmtree(tmp_path / "tests", ignore_errors=True)
        (tmp_path / "tests").mkdir()
        (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-ra'\nmarkers = ['slow']\n")
        (tmp_path / "tests" / "conftest.py").write_text(conftest)
        for number, text in enumerate(files):
            (tmp_path / "tests" / f"test_{number}.py").write_text(text)
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        env |= {"PYTHONPATH": str(HERE.parent / "scripts"), "TRILBENCH_QEMU": "", "PATH": "/nowhere"}
        done = subprocess.run(
            [sys.executable, "-c", CALL, str(cores), *options], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_files_run_side_by_side_and_all_that_comes_of_them_is_told(run):
    # Would catch: one file after the other, counts of one process, a failure that nobody can repeat, a file that
    # cannot be read, a test that fails after it passed, minutes without a word, a pass that nobody knows to be of
    # half the tests.
    meet = MEET.format(own="a", other="b") + FAIL
    code, text = run(meet, MEET.format(own="b", other="a") + SKIP, ERROR + SLOW, "import nothing_of_that_name")
    assert code == 2
    assert "left for scripts/test --all: 2 tests that take long\n2 passed, 3 failed, 1 skipped\n" in text
    assert "repeat with: TRILBENCH_BUILD=build/release .venv/bin/python -m pytest tests/test_0.py::test_fails\n" in text
    assert text.count("FAILED  tests/test_3.py\n") == 1
    assert "testing: 5 of 5\n" in text


@pytest.mark.parametrize("cores", [1, 2])
def test_a_test_that_kills_its_process_fails_and_stops_no_other(run, cores):
    # Would catch: a crash that takes all results with it.
    code, text = run(CRASH, PASS + SLOW, cores=cores, options=["--all"])
    assert (code, "\n3 passed, 1 failed, 0 skipped\n" in text) == (2, True)
    assert "-m pytest tests/test_0.py::test_dies\n" in text
    assert "left for" not in text


@pytest.mark.parametrize(("quota", "workers"), [(None, 8), (20, 8), (1.5, 2), (0.2, 1)])
def test_no_more_run_at_a_time_than_a_quota_has_cores(tmp_path, monkeypatch, quota, workers):
    # Would catch: a worker for each core of the host in a container that has two of them.
    monkeypatch.setattr(suite.cores, "allowed_count", lambda: 8)
    assert suite.workers(tmp_path, ()) == 8  # nothing is built
    program = tmp_path / "bench" / "machine"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{json.dumps({'cores_quota': quota})}'\n")
    program.chmod(0o755)
    assert suite.workers(tmp_path, ()) == workers


def test_a_filter_chooses_by_name(run):
    code, text = run(PASS + FAIL, PASS, options=["Passes"])
    assert (code, "\n2 passed, 0 failed, 0 skipped\n" in text) == (0, True)
    assert run(PASS, options=["nothing of that name"])[0] == 5


def test_pytest_that_fails_is_told(run):
    code, text = run(PASS, conftest="raise RuntimeError")
    assert code == 1
    assert re.search(r"^error: pytest ended with exit code \d", text, re.MULTILINE)


def test_test_cases_are_read_from_doctests_list():
    # Would catch: a skipped test counted as run, one that takes long run every time.
    text = (
        '<doctest binary="t"><Options/><TestCase name="sums, in order" testsuite="" filename="a.cpp" line="3"'
        ' skipped="false"/><TestCase name="later" filename="b.cpp" line="9" skipped="true"/>'
        '<TestCase name="mean: long sequences" filename="c.cpp" line="1" skipped="false"/></doctest>'
    )
    found = [test_cpp.parameter(case) for case in ElementTree.fromstring(text).iter("TestCase")]
    marks = {case.id: [mark.name for mark in case.marks] for case in found}
    assert marks == {"sums, in order": [], "later": ["skip"], "mean: long sequences": ["slow"]}
