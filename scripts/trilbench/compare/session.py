"""A comparison's measurement: each side once in full, then the rounds."""

import contextlib
import math
import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from trilbench.compare.pairs import SHARED, Pair
from trilbench.compare.record import Comparison, Measured
from trilbench.compare.rounds import PROCESS_LIMIT, SECONDS, Part, measure_round, measure_series
from trilbench.compare.runner import Counting, Runner, Timing
from trilbench.results import documents
from trilbench.results.run import NamedReason
from trilbench.setup.binary import list_rows
from trilbench.stop import Exit, Stop

SIDES = ("base", "head")
_LONGEST = 600.0  # seconds for base's first process, with all verification
_HANGS = 10  # times what base's first process took, beyond which a process is ended
_ABSENT = Timing((), 0, "did not run")
_SENTINELS = {
    "fma": 8192,
    "copy": 4194304,
}  # implementations of the machine's limits, and their sizes: arithmetic, and 32 MiB


@dataclass(frozen=True)
class Session:
    """What the rounds measure."""

    sides: Mapping[str, Sequence[Part]]
    sentinels: Part
    benchmarks: tuple[Measured, ...]  # without times yet
    failures: tuple[NamedReason, ...]  # of head
    doubts: tuple[str, ...]  # what base itself fails, which is not compared
    contexts: Mapping[str, Mapping[str, Any]]  # what each side's programs say of themselves
    unequal: bool  # whether a program could not be told a number of calls, and its sides ran for equal time


def prepare(pairs: Sequence[Pair], sentinels: Part) -> Session:
    """Runs each side once, with limits and full verification: what is wrong there is never timed. Finds the number of
    calls, from base's time. Raises Stop if base fails in everything."""
    parts: dict[str, list[Part]] = {side: [] for side in SIDES}
    benchmarks: list[Measured] = []
    doubts: list[str] = []
    failures = [NamedReason(name, "head has no such benchmark") for pair in pairs for name in pair.missing]
    contexts: dict[str, dict[str, object]] = {side: {} for side in SIDES}
    for pair in pairs:
        doubts += [f"not compared: {SHARED.format(name=name)}" for name in pair.shared]
        if not pair.benchmarks:
            continue
        runners = {"base": pair.base, "head": pair.head}
        began = time.monotonic()
        try:
            once = {"base": pair.base.once(pair.benchmarks, SECONDS, _LONGEST)}
        except Stop as stop:
            raise Stop(f"base fails: {stop}", Exit.NOT_COMPARABLE) from stop
        limit = PROCESS_LIMIT + _HANGS * (time.monotonic() - began)
        try:
            once["head"] = pair.head.once(pair.benchmarks, SECONDS, limit)
        except Stop as stop:
            failures += [NamedReason(name, str(stop)) for name in pair.benchmarks]
            continue
        calls: dict[str, int] = {}
        for name in pair.benchmarks:
            base, head = (once[side].rows.get(name, _ABSENT) for side in SIDES)
            if not base.seconds:
                doubts.append(f"not compared: {name} fails in base already: {base.error}")
                continue
            if not head.seconds:
                failures.append(NamedReason(name, head.error))
                continue
            seconds = base.median
            calls[name] = 0 if pair.counting is Counting.NOT else max(1, round(SECONDS / seconds))
            benchmarks.append(_measured(name, calls[name], base, head))
        for side, each in runners.items():
            contexts[side] |= once[side].context
            if calls:
                parts[side].append(Part(each, calls, limit))
    if doubts and not benchmarks and not failures:
        raise Stop(f"nothing can be compared; {doubts[0]}", Exit.NOT_COMPARABLE)
    unequal = any(pair.counting is Counting.NOT for pair in pairs)
    return Session(parts, sentinels, tuple(benchmarks), tuple(failures), tuple(doubts), contexts, unequal)


def _measured(name: str, calls: int, base: Timing, head: Timing) -> Measured:
    def counters(key: str) -> Iterator[float | None]:
        for timing in (base, head):
            value = timing.counters.get(key, math.nan)
            yield value if math.isfinite(value) else None

    return Measured(name, calls, (), (), None, *counters("error_over_bound"), *counters("of_limit"))


def sentinels_of(machine: Runner) -> Part:
    """Work that never changes, in the program of the machine's limits: arithmetic, and copies from beyond the caches of
    a core. The widest instruction set of each."""
    shapes = f"--shapes={','.join(map(str, _SENTINELS.values()))}"
    rows = [row for row in list_rows(machine.program, (shapes,), max_call=1.0) if not row.skipped]
    widest = {}
    for row in rows:
        if row.name.shape == str(_SENTINELS.get(row.name.implementation)):
            widest[row.name.implementation] = row.name.text
    timings = machine.once([*widest.values()], SECONDS).rows
    return Part(machine, {name: max(1, round(SECONDS / timings[name].median)) for name in widest.values()})


def seconds_of_a_round(session: Session) -> float:
    """One is tried, which also warms the files' caches."""
    began = time.monotonic()
    measure_round(session.sides, SIDES, session.sentinels)
    return time.monotonic() - began


def record(
    comparison: Comparison,
    session: Session,
    rounds: int,
    seconds: float,
    file: Path,
    before: Callable[[int], None] = lambda _: None,
) -> Comparison:
    """Measures so many rounds, of which so many seconds are expected, and adds them; `before` is told each one's
    number. A killed process leaves those that are finished."""
    for done in measure_series(session.sides, session.sentinels, seconds, rounds, before):
        rows = (
            replace(row, base=done.times["base"][row.name], head=done.times["head"][row.name])
            for row in comparison.benchmarks
        )
        comparison = replace(comparison, rounds=done.rounds, benchmarks=tuple(rows))
        documents.write(file, comparison)
    return comparison


@contextlib.contextmanager
def keeping(file: Path, *again: str) -> Iterator[None]:
    """Where it ends early, says what judges the rounds that are finished, if there are any in the file."""
    try:
        yield
    except (KeyboardInterrupt, Stop) as end:
        kept = f"; {shlex.join(again)} judges the rounds that are finished" if file.exists() else ""
        code = end.code if isinstance(end, Stop) else Exit.TOOL_FAILED
        raise Stop(f"{end if isinstance(end, Stop) else 'interrupted'}{kept}", code) from None
