"""scripts/test: build, run every test, and say what could not be verified here.

pytest runs them all, as many at a time as there are cores for them; C++ tests are tests of tests/test_cpp.py.
"""

import math
import os
import platform
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from trilbench.commands import TestOptions
from trilbench.machine import cores
from trilbench.paths import ROOT, operations, shown
from trilbench.results.listing import ListedRow
from trilbench.results.names import MACHINE
from trilbench.setup import environment, toolchain
from trilbench.setup.binary import Program, ask_machine, list_rows
from trilbench.setup.build import build
from trilbench.setup.tools import Progress
from trilbench.stop import Exit, Stop

# The tests of what differs between presets.
COMPILED = ("cpp", "symbols", "limit_kernels", "register_spills", "thread_sanitizer")


class Watch:
    """pytest's plugin that counts the tests, shows how many remain, and names those that fail as they do."""

    def __init__(self, folder: Path, at_a_time: int) -> None:
        self._folder = folder
        self._at_a_time = at_a_time
        self._outcomes: dict[str, str] = {}
        self._unreadable: list[str] = []  # files, whose tests nobody knows: each counts as one that failed
        self._seconds: dict[str, float] = {}  # that a test took, today or when it was last run
        self._names: Sequence[str] = ()
        self._progress = Progress("testing")
        self.left = 0  # for --all

    @property
    def counts(self) -> Counter[str]:
        """How many passed, failed and were skipped."""
        return Counter([*self._outcomes.values(), *["failed"] * len(self._unreadable)])

    def pytest_configure(self, config: pytest.Config) -> None:
        self._cache, self._key = config.cache, f"trilbench/{self._folder.name}"
        self._seconds = self._cache.get(self._key, {}) if self._cache else {}

    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        self._names = ids

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        """No letter for each test: the line of progress says more."""
        outcome = report.outcome if report.when == "call" or report.skipped else "error" if report.failed else ""
        return outcome, "", ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and report.nodeid not in self._unreadable:  # each worker tells
            self._unreadable.append(report.nodeid)
            self._name(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid
        if report.failed:
            self._name(name)
        if report.outcome != "passed" or report.when == "call":
            worst = "failed" in (report.outcome, self._outcomes.get(name))
            self._outcomes[name] = "failed" if worst else report.outcome
        if report.when == "call":
            self._seconds[name] = report.duration
        elif report.when == "teardown":
            self._progress.step(len(self._outcomes), len(self._names), self._time_left())

    def _name(self, failed: str) -> None:
        self._progress.end()
        repeat = f"TRILBENCH_BUILD={shown(self._folder)} .venv/bin/python -m pytest {shlex.quote(failed)}"
        print(f"\nFAILED  {failed}\nrepeat with: {repeat}", flush=True)

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        self.left = max(self.left, getattr(node, "workeroutput", {}).get("left", 0))

    def pytest_sessionfinish(self) -> None:
        self._progress.end()
        if self._cache:
            self._cache.set(self._key, self._seconds)

    def _time_left(self) -> float | None:
        """In seconds, by what the tests took when they were last run, if most of them were."""
        rest = [name for name in self._names if name not in self._outcomes]
        known = [self._seconds[name] for name in rest if name in self._seconds]
        return sum(known) / self._at_a_time if len(known) * 2 > len(rest) else None


def main(options: TestOptions) -> Exit:
    """Runs the command."""
    if options.all:
        environment.ensure(("check",), install=not options.no_install)
    tools = toolchain.of_preset(options.preset)
    launcher = toolchain.launcher(tools, install=not options.no_install)
    settings = [f"-DCMAKE_CROSSCOMPILING_EMULATOR={';'.join(launcher)}"] if launcher else []
    folder = build(options.preset, tools.tested, install=not options.no_install, settings=settings)
    watch = run_tests(folder, options, launcher)
    for line in unverified(folder, launcher):
        print(line)
    if watch.left:
        print(f"left for scripts/test --all: {watch.left} tests that take long")
    counts = watch.counts
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    if counts["failed"]:
        return Exit.WRONG_RESULT
    return Exit.FINE if counts.total() else Exit.NOTHING_MATCHED


def run_tests(folder: Path, options: TestOptions, launcher: Sequence[str], root: Path = ROOT) -> Watch:
    """Runs the tests of root/tests. They find the build in TRILBENCH_BUILD, what starts its programs in
    TRILBENCH_LAUNCHER and, if there is one, qemu's emulator of this machine in TRILBENCH_QEMU. Of a build for another
    machine only the tests of what was compiled are run. Raises Stop if pytest itself fails."""
    os.environ.update(TRILBENCH_BUILD=str(folder), TRILBENCH_LAUNCHER=shlex.join(launcher))
    number = workers(folder, launcher)
    # Workers for a single core too: one that is killed by a test takes no other test's result with it.
    words = ["--quiet", "--color=no", f"--numprocesses={number}", "--dist=worksteal"]
    words += [f"--rootdir={root}", *([] if options.all else ["--leave-slow"])]
    words += [f"--part={text}" for text in options.filters]
    if options.compiled_only or launcher:
        words += [str(root / f"tests/test_{name}.py") for name in (*COMPILED, *["launched"] * bool(launcher))]
    else:
        words.append(str(root / "tests"))
        install = not options.no_install
        if platform.machine() == "x86_64" and (qemu := toolchain.find_emulator(install)):
            os.environ["TRILBENCH_QEMU"] = str(qemu)
    watch = Watch(folder, number)
    code = pytest.main(words, plugins=[watch])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise Stop(f"pytest ended with exit code {int(code)}")
    return watch


def workers(folder: Path, launcher: Sequence[str]) -> int:
    """One for each core that we may use, of which a container's quota, known to the build's programs, may leave
    fewer."""
    told = ask_machine(Program(folder / "bench" / MACHINE, MACHINE, launcher=tuple(launcher)))
    allowed, quota = cores.allowed_count(), told.cores_quota if told else None
    return allowed if quota is None else max(min(allowed, math.ceil(quota)), 1)


def unverified(folder: Path, launcher: Sequence[str]) -> list[str]:
    """A line for each instruction set that no row could run with on this machine, and why."""
    programs = [Program(folder / "bench" / name, name, launcher=tuple(launcher)) for name in operations()]
    built = [program for program in programs if os.access(program.path, os.X_OK)]
    rows = [row for program in built for row in list_rows(program, [], max_call=2)]
    return missing_sets(rows)


def missing_sets(rows: Sequence[ListedRow]) -> list[str]:
    """The instruction sets all of whose rows are skipped, with the first row's reason."""
    running = {row.name.isa for row in rows if not row.skipped}
    reasons: dict[str, str] = {}
    for row in rows:
        if row.name.isa not in running:
            reasons.setdefault(row.name.isa, row.skipped)
    return [f"not verified on this machine: {isa} ({reason})" for isa, reason in reasons.items()]
