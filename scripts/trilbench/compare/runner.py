"""One side's program made to run chosen benchmarks: ours by --iterations, others by Google Benchmark's own flags.

Both sides must make the same number of calls: where each finds a number for itself, their processes are no longer
alike. Google Benchmark takes a number from 1.8 on (--benchmark_min_time=100x), one for all benchmarks of a process;
older programs run for equal time. Each benchmark of theirs has a process of its own: if it breaks, only it fails.
"""

import math
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.results.names import other_name, parse_name
from trilbench.results.rows import CellResult, RowResult, read_cell
from trilbench.results.run import Status
from trilbench.setup.binary import ANY_CALL, Program, measure, said
from trilbench.stop import Stop

_LIST = "--benchmark_list_tests=true"


def list_names(program: Program, flags: Sequence[str], select: str = "") -> list[str]:
    """The benchmarks of the program under the user's flags whose names match, as it lists them: a name that several
    have comes more than once. Raises Stop if it has none or is something else."""
    done = said(program, [*flags, _LIST])
    # A program may print words of its own too: what it prints when nothing matches, and what it does not repeat when
    # asked for by name, is no benchmark.
    own = _lines(said(program, [*flags, _LIST, "--benchmark_filter=^$"]))
    lines = [line for line in _lines(done) if line not in own]

    def repeated(name: str) -> bool:
        return not own or name in _lines(said(program, [*flags, _LIST, only(name)]))

    names = [line for line in lines if re.search(select, line) and repeated(line)]
    if not names and not any(map(repeated, lines)):
        words = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise Stop(
            f"{shown(program.path)} is no program of Google Benchmark's, or holds no benchmark: {_LIST} lists none"
            + (f"; its last words: {words[-1]}" if words else "")
        )
    return names


def counts_calls(program: Program, flags: Sequence[str]) -> bool:
    """Whether it takes --benchmark_min_time=1x, as Google Benchmark does from 1.8 on. Older ones complain; where main
    does not look for flags that were left over, that is all they do."""
    done = said(program, [*flags, _LIST, "--benchmark_min_time=1x"])
    return "benchmark_min_time" not in done.stdout + done.stderr


def only(name: str) -> str:
    """The filter that matches the benchmark and nothing else. POSIX leaves undefined what a backslash does before most
    characters, and libstdc++ refuses it before some: a bracket stands there instead. Bytes that are no UTF-8 may be
    any."""
    literally = {character: f"[{character}]" for character in ".[](){}*+?|$"}
    literally |= {"^": r"\^", "\\": r"\\", "\ufffd": ".+"}
    return f"--benchmark_filter=^({name.translate(str.maketrans(literally))})$"


def _lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if line]


REPETITIONS = 3  # of each benchmark in a process, whose median is the process's time


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

    def once(self, benchmarks: Sequence[str], seconds: float, timeout: float | None = None) -> CellResult:
        """Runs each for about `seconds` a repetition, ours with limits and full verification. A process that takes
        longer than `timeout` seconds is ended; of ours that is a Stop."""
        if self.program.ours:
            time = f"--benchmark_min_time={seconds:g}"
            return self._run([*_shapes_and_threads(benchmarks), _only(benchmarks), time], timeout)
        unit = "s" if self.counting is Counting.BY_FLAG else ""  # 1.8 asks for it, 1.7 refuses it
        return self._alone(dict.fromkeys(benchmarks, f"--benchmark_min_time={seconds:g}{unit}"), timeout)

    def counted(self, calls: Mapping[str, int], timeout: float) -> Mapping[str, RowResult]:
        """Runs the benchmarks, each with its number of calls a repetition."""
        if self.counting is Counting.BY_FILE:
            lines = self.scratch / "iterations.txt"
            write_whole(lines, "".join(f"{name} {number}\n" for name, number in calls.items()))
            return self._run([f"--iterations={lines}"], timeout).by_name
        return self._alone({name: f"--benchmark_min_time={number}x" for name, number in calls.items()}, timeout).by_name

    def _alone(self, times: Mapping[str, str], timeout: float | None) -> CellResult:
        """Another project's benchmarks, each in a process of its own."""
        context: dict[str, Any] = {}
        rows: list[RowResult] = []
        for name, time in times.items():
            found = self._attempt([only(name), time], timeout)
            if isinstance(found, Stop):
                rows.append(RowResult(other_name(name), (), str(found)))
                continue
            context |= found.context
            rows += [row for row in found.rows if row.name.text == name]
        return CellResult(context, tuple(rows))

    def _run(self, flags: Sequence[str], timeout: float | None) -> CellResult:
        found = self._attempt(flags, timeout)
        if isinstance(found, CellResult):
            return found
        raise Stop(f"{shown(self.program.path)}: {found}; {shown(self.scratch / 'log.txt')} says more")

    def _attempt(self, flags: Sequence[str], timeout: float | None) -> CellResult | Stop:
        """What the program measured, or what went wrong. A whole result counts, whatever the exit code: some programs
        end with the number of their benchmarks."""
        out, log = self.scratch / "result.json", self.scratch / "log.txt"
        command = [*self.program.command, *self.state, *flags, f"--benchmark_repetitions={REPETITIONS}"]
        try:
            outcome = measure(command, out, log, timeout)
        except OSError as error:
            return Stop(f"cannot write to {shown(self.scratch)}: {error.strerror}")
        try:
            if outcome.status is Status.OUT_OF_TIME:
                return Stop(f"did not end within {timeout:.0f} s")
            if outcome.status is Status.DONE and not out.exists():
                return Stop("wrote no --benchmark_out: its main must hand its arguments to benchmark::Initialize")
            if outcome.status is Status.DONE and not out.stat().st_size:
                return CellResult({}, ())  # the filter matched nothing
            found = read_cell(out, parse_name if self.program.ours else other_name)
            return replace(found, rows=tuple(map(_timed, found.rows)))
        except (OSError, ValueError) as error:
            return Stop(outcome.message or f"left no readable result: {error}")
        finally:
            out.unlink(missing_ok=True)


def runner(program: Program, scratch: Path, state: Sequence[str]) -> Runner:
    """Finds out how the program counts. Raises Stop if it cannot be run."""
    if program.ours:
        by_file = "--iterations=" in said(program, ["--help"]).stdout
        counting = Counting.BY_FILE if by_file else Counting.NOT
    else:
        counting = Counting.BY_FLAG if counts_calls(program, state) else Counting.NOT
    return Runner(program, counting, scratch, tuple(state))


def _timed(row: RowResult) -> RowResult:
    """Without times that are none."""
    least = min((each.seconds for each in row.repetitions), default=1.0)
    if all(0 < each.seconds < math.inf for each in row.repetitions):
        return row
    return RowResult(row.name, (), f"took {least:g} s, which is no time to compare")


def _only(benchmarks: Sequence[str]) -> str:
    """The filter that matches these benchmarks of ours, whose names hold nothing that means something there."""
    return f"--benchmark_filter=^({'|'.join(benchmarks)})(/real_time)?$"


def _shapes_and_threads(benchmarks: Sequence[str]) -> tuple[str, ...]:
    """The flags with which a program of ours has the benchmarks, among others."""
    found = [parse_name(name) for name in benchmarks]
    shapes = ",".join(dict.fromkeys(name.shape for name in found))
    threads = ",".join(dict.fromkeys(str(name.threads) for name in found))
    return f"--shapes={shapes}", f"--threads={threads}", f"--max-call={ANY_CALL:g}"
