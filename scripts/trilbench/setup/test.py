"""scripts/test: build, run every test, and say what could not be verified here."""

import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from trilbench.machine import cores
from trilbench.paths import ROOT, operations, shown
from trilbench.results.listing import ListedRow
from trilbench.setup import emulator
from trilbench.setup.binary import Program, list_rows
from trilbench.setup.build import build
from trilbench.setup.test_options import TestOptions
from trilbench.setup.toolchain import of_preset
from trilbench.stop import Exit, Stop

# How many tests passed, failed and were skipped.


@dataclass(frozen=True)
class Tally:
    """Counts of tests; they add up."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.skipped


def read_pytest_summary(line: str) -> Tally | None:
    """Reads pytest's last line, such as "== 1 failed, 7 passed, 2 errors in 0.31s =="; None if it is another line."""
    if not re.match(r"=+ .* in [\d.]+s.* =+$", line):
        return None
    counts = {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", line.split(" in ")[0])}
    return Tally(
        passed=counts.get("passed", 0) + counts.get("xpassed", 0),
        failed=sum(counts.get(word, 0) for word in ("failed", "error", "errors")),
        skipped=counts.get("skipped", 0) + counts.get("xfailed", 0),
    )


# The test cases of a doctest binary: its answer to --list-test-cases --reporters=xml.


@dataclass(frozen=True)
class TestCase:
    """One test case."""

    name: str
    skipped: bool  # by its author

    @property
    def pattern(self) -> str:
        """What --test-case takes to run it: a comma would split the pattern."""
        return self.name.replace(",", "?")


def read_test_list(xml: str) -> tuple[TestCase, ...]:
    """Reads doctest's list. Raises ElementTree.ParseError if it is none."""
    return tuple(
        TestCase(
            name=case.get("name", ""),
            skipped=case.get("skipped") == "true",
        )
        for case in ElementTree.fromstring(xml).iter("TestCase")
    )


_NO_TESTS_COLLECTED = 5  # pytest's exit code

# How every test program is started: all that it says in one stream of text, and nothing to read.
_CAPTURED: dict[str, Any] = {
    "cwd": ROOT,
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.STDOUT,
    "text": True,
    "errors": "replace",
}


def main(options: TestOptions) -> Exit:
    """Runs the command."""
    toolchain = of_preset(options.preset)
    launcher = emulator.launcher(toolchain, install=not options.no_install)
    settings = [f"-DCMAKE_CROSSCOMPILING_EMULATOR={';'.join(launcher)}"] if launcher else []
    folder = build(options.preset, toolchain.tested, install=not options.no_install, settings=settings)
    tally = Tally()
    for program in sorted((folder / "tests").glob("*_tests")):
        tally += run_doctest(program, options.filters, launcher)
    tally += run_pytest(folder, options, launcher)
    for line in unverified(folder, launcher):
        print(line)
    print(tally, flush=True)
    if tally.failed:
        return Exit.WRONG_RESULT
    return Exit.FINE if tally.total else Exit.NOTHING_MATCHED


def run_doctest(program: Path, filters: Sequence[str], launcher: Sequence[str]) -> Tally:
    """Runs each test case in a process of its own, as many at a time as there are cores."""
    # A comma would end one of doctest's patterns; ? matches any character.
    patterns = [f"--test-case={','.join('*' + text.replace(',', '?') + '*' for text in filters)}"] if filters else []
    listed = subprocess.run(
        [*launcher, program, "--list-test-cases", "--reporters=xml", *patterns],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        cases = read_test_list(listed.stdout)
    except ElementTree.ParseError as error:
        raise Stop(f"{shown(program)} does not list its tests (exit code {listed.returncode}): {error}") from error
    running = [case for case in cases if not case.skipped]
    tally = Tally(skipped=len(cases) - len(running))
    with ThreadPoolExecutor(max_workers=cores.allowed_count()) as pool:
        calls = {pool.submit(_run_case, [*launcher, program], case): case for case in running}
        try:
            for call in as_completed(calls):
                tally += _show(calls[call], call.result(), [*launcher, shown(program)])
        finally:
            pool.shutdown(cancel_futures=True)
    return tally


def _run_case(program: Sequence[str | Path], case: TestCase) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*program, f"--test-case={case.pattern}", "--no-intro"], check=False, **_CAPTURED)


def _show(case: TestCase, done: subprocess.CompletedProcess[str], program: Sequence[str]) -> Tally:
    if done.returncode == 0:
        print(f"passed  {case.name}", flush=True)
        return Tally(passed=1)
    ending = f" (ended by signal {-done.returncode})" if done.returncode < 0 else ""
    print(f"FAILED  {case.name}{ending}\n{done.stdout.rstrip()}")
    print(f"repeat with: {shlex.join([*program, f'--test-case={case.pattern}'])}", flush=True)
    return Tally(failed=1)


def run_pytest(folder: Path, options: TestOptions, launcher: Sequence[str]) -> Tally:
    """Runs the tests of tests/*.py, as many at a time as there are cores. They find the build in TRILBENCH_BUILD, what
    starts its programs in TRILBENCH_LAUNCHER and, if there is one, qemu's emulator of this machine in TRILBENCH_QEMU.
    Of a build for another machine only the tests of what was compiled are run. Raises Stop if pytest itself fails."""
    words = [f"--part={text}" for text in options.filters]
    words += [f"--numprocesses={cores.allowed_count()}", "--dist=worksteal"] if cores.allowed_count() > 1 else []
    environment = {**os.environ, "TRILBENCH_BUILD": str(folder), "TRILBENCH_LAUNCHER": shlex.join(launcher)}
    if options.compiled_only or launcher:
        words += [f"tests/test_{name}.py" for name in ("symbols", "limit_kernels", "thread_sanitizer")]
        words += ["tests/test_launched.py"] if launcher else []
    elif platform.machine() == "x86_64" and (qemu := emulator.find(install=not options.no_install)):
        environment["TRILBENCH_QEMU"] = str(qemu)
    command = [sys.executable, "-m", "pytest", "--verbose", "--color=no", *words]
    pytest = subprocess.Popen(command, env=environment, **_CAPTURED)
    assert pytest.stdout is not None
    tally = None
    for line in pytest.stdout:
        print(line, end="", flush=True)
        tally = read_pytest_summary(line.rstrip()) or tally
        if failed := re.match(r"(?:FAILED|ERROR) (tests/\S+)", line):
            build_variable = f"TRILBENCH_BUILD={shown(folder)}"
            print(f"repeat with: {build_variable} .venv/bin/python -m pytest {shlex.quote(failed[1])}", flush=True)
    code = pytest.wait()
    if code not in (0, 1, _NO_TESTS_COLLECTED) or tally is None:
        raise Stop(f"pytest ended with exit code {code}")
    return tally


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
