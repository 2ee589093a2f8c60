"""One side's program made to run chosen benchmarks: ours by --iterations, others by Google Benchmark's own flags.

Both sides must make the same number of calls: where each finds a number for itself, their processes are no longer
alike. Google Benchmark takes a number from 1.8 on (--benchmark_min_time=100x), one for all benchmarks of a process, so
there each has a process of its own. Older programs run for equal time.
"""

import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from trilbench.measure.binary import Program, measure
from trilbench.model.name import parse_name
from trilbench.model.run import Status
from trilbench.model.timings import Timing, Timings, read_timings
from trilbench.paths import shown
from trilbench.stop import Stop

REPETITIONS = 3  # of each benchmark in a process, whose median is the process's time
_ANY_CALL = 1e6  # seconds


class Counting(Enum):
    """How a program is told a number of calls."""

    BY_FILE = "--iterations=FILE"  # a program of this suite
    BY_FLAG = "--benchmark_min_time=Nx"  # Google Benchmark from 1.8 on
    NOT = "equal time"


@dataclass(frozen=True)
class Runner:
    """A program that runs chosen benchmarks. Its words go to log.txt in `scratch`, a folder."""

    program: Program
    counting: Counting
    scratch: Path
    state: tuple[str, ...] = ()  # flags for every process: --cold

    def once(self, benchmarks: Sequence[str], seconds: float) -> Timings:
        """Runs each for about `seconds` a repetition, ours with limits and full verification."""
        own = _shapes_and_threads(benchmarks) if self.program.ours else ()
        unit = "s" if self.counting is Counting.BY_FLAG else ""  # 1.8 asks for it, 1.7 refuses it
        return self._run([*own, _only(benchmarks), f"--benchmark_min_time={seconds:g}{unit}"])

    def counted(self, calls: Mapping[str, int]) -> Mapping[str, Timing]:
        """Runs the benchmarks, each with its number of calls a repetition, in one process or in one each."""
        if self.counting is Counting.BY_FILE:
            with tempfile.NamedTemporaryFile("w", dir=self.scratch, suffix=".txt") as lines:
                lines.writelines(f"{name} {number}\n" for name, number in calls.items())
                lines.flush()
                return self._run([f"--iterations={lines.name}"]).rows
        found: dict[str, Timing] = {}
        for name, number in calls.items():
            found |= self._run([_only([name]), f"--benchmark_min_time={number}x"]).rows
        return found

    def _run(self, flags: Sequence[str]) -> Timings:
        out, log = self.scratch / "result.json", self.scratch / "log.txt"
        command = [*self.program.command, *self.state, *flags, f"--benchmark_repetitions={REPETITIONS}"]
        outcome = measure(command, out, log, timeout=None)
        try:
            if outcome.status in (Status.DONE, Status.WRONG) or out.exists():
                found = read_timings(out)
                return _without_suffix(found) if self.program.ours else found
        except (OSError, ValueError) as error:
            raise Stop(f"{shown(self.program.path)} left no readable result: {error}") from error
        finally:
            out.unlink(missing_ok=True)
        raise Stop(f"{shown(self.program.path)}: {outcome.message or outcome.status}; {shown(log)} says more")


def runner(program: Program, scratch: Path, state: Sequence[str]) -> Runner:
    """Finds out how the program counts. Raises Stop if it is no program of Google Benchmark's."""
    text = _said(program, "--help=benchmark" if program.ours else "--help")
    if "--benchmark_filter" not in text:
        raise Stop(f"{shown(program.path)} is no program of Google Benchmark's: its --help names no --benchmark_filter")
    if program.ours:
        by_file = "--iterations=" in _said(program, "--help")
        return Runner(program, Counting.BY_FILE if by_file else Counting.NOT, scratch, tuple(state))
    return Runner(program, Counting.BY_FLAG if "<integer>x" in text else Counting.NOT, scratch)


def list_names(program: Program) -> list[str]:
    """All benchmarks of a program of Google Benchmark's."""
    return [line.strip() for line in _said(program, "--benchmark_list_tests=true").splitlines() if line.strip()]


def _said(program: Program, flag: str) -> str:
    try:
        done = subprocess.run(
            [*program.command, flag], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise Stop(f"cannot run {shown(program.path)}: {error.strerror}") from error
    if done.returncode:
        raise Stop(f"{shown(program.path)} {flag} exits with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def _without_suffix(timings: Timings) -> Timings:
    return Timings(timings.context, {name.removesuffix("/real_time"): row for name, row in timings.rows.items()})


def _only(benchmarks: Sequence[str]) -> str:
    """The filter that matches these names and no other; ours get a suffix from Google Benchmark. Letters are not
    escaped: POSIX leaves that undefined."""
    escaped = (re.sub(r"([.\[\]()*+?{}|^$\\])", r"\\\1", name) for name in benchmarks)
    return f"--benchmark_filter=^({'|'.join(escaped)})(/real_time)?$"


def _shapes_and_threads(benchmarks: Sequence[str]) -> tuple[str, ...]:
    """The flags with which a program of ours has the benchmarks, among others."""
    found = [parse_name(name) for name in benchmarks]
    shapes = ",".join(dict.fromkeys(name.shape for name in found))
    threads = ",".join(dict.fromkeys(str(name.threads) for name in found))
    return f"--shapes={shapes}", f"--threads={threads}", f"--max-call={_ANY_CALL:g}"
