"""A comparison's measurement: each side once in full, then the rounds. In each round a fresh process of
every side, and beside it work that is the same on all of them."""

import math
import random
import shlex
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from trilbench.compare.pairs import SHARED, Pair
from trilbench.compare.record import Comparison, Measured, Moment, Round
from trilbench.compare.runner import Counting, Runner
from trilbench.machine import cores, moment
from trilbench.results import documents
from trilbench.results.names import other_name
from trilbench.results.rows import RowResult
from trilbench.results.run import NamedReason
from trilbench.results.statistics import median, times
from trilbench.setup.binary import list_rows
from trilbench.setup.tools import Progress
from trilbench.stop import Exit, Stop, telling

# The order of the rounds: balanced, so that a drift of the machine meets all sides alike, and drawn anew, so that no
# rhythm of the machine can keep step with it.


def orders(sides: Sequence[str], rounds: int, seed: int) -> list[tuple[str, ...]]:
    """The order of the sides in each round. Rounds come in pairs: a random order, then the same backwards (ABBA), so
    that over a pair every side runs, on average, at the same time."""
    draw = random.Random(seed)
    found: list[tuple[str, ...]] = []
    while len(found) < rounds:
        order = draw.sample(sides, len(sides))
        found += [tuple(order), tuple(reversed(order))]
    return found[:rounds]


SECONDS = 0.01  # of a repetition
MOST_ROUNDS = 10_000
PROCESS_LIMIT = 20.0


@dataclass(frozen=True)
class Part:
    """One program's share of a side's process."""

    runner: Runner
    calls: Mapping[str, int]  # of each benchmark, a repetition; all 0: as many as fill SECONDS
    limit: float = PROCESS_LIMIT  # seconds, after which a process hangs

    def run(self) -> Mapping[str, RowResult]:
        """Each benchmark. Raises Stop if one fails."""
        if any(self.calls.values()):
            rows = self.runner.counted(self.calls, self.limit)
        else:
            rows = self.runner.once([*self.calls], SECONDS, self.limit).by_name
        for name in self.calls:
            if name not in rows or not rows[name].repetitions:
                raise Stop(f"{name} failed in a later round: {rows[name].error if name in rows else 'it did not run'}")
        return {name: rows[name] for name in self.calls}


def _run(side: str, parts: Sequence[Part]) -> dict[str, RowResult]:
    """Raises Stop, for head with the exit code of a regression: it ran before, and base does."""
    try:
        return {name: value for part in parts for name, value in part.run().items()}
    except Stop as stop:
        raise Stop(f"{side}: {stop}", Exit.WRONG_RESULT if side == "head" else stop.code) from stop


def _seconds(row: RowResult) -> float:
    """Of a call: one process is one value."""
    return median(times(row))


def _core_share(ran: Mapping[str, RowResult]) -> float | None:
    """The median of all benchmarks that tell: one of them has bad luck now and then."""
    last = [each.repetitions[-1].counters for each in ran.values()]
    told = [counters["cpu_share"] for counters in last if "cpu_share" in counters]
    return round(statistics.median(told), 4) if told else None


def measure_round(
    sides: Mapping[str, Sequence[Part]], order: Sequence[str], sentinels: Part
) -> tuple[Round, dict[str, dict[str, float]]]:
    """One round in the given order: how quiet the machine was, and each side's seconds of a call."""
    moments: dict[str, Moment] = {}
    seconds: dict[str, dict[str, float]] = {}
    for side in order:
        before, own, began = moment.ticks(), moment.own_seconds(), time.monotonic()
        watched = sentinels.run()
        ran = _run(side, sides[side])
        seconds[side] = {name: _seconds(each) for name, each in ran.items()}
        took = time.monotonic() - began
        after, own = moment.ticks(), moment.own_seconds() - own
        moments[side] = Moment(
            seconds=round(took, 3),
            sentinels={name: _seconds(each) for name, each in watched.items()},
            others=moment.busy_others(before, after, own, took),
            steal=moment.steal(before, after, took),
            free=round(max(cores.allowed_count() - max(own / took, 1.0), 0.0), 2),
            core_share=_core_share({**watched, **ran}),
        )
    return Round(tuple(order), moments), seconds


@dataclass(frozen=True)
class Series:
    """Rounds, and each side's seconds of a call of each benchmark, round by round."""

    rounds: tuple[Round, ...]
    times: Mapping[str, Mapping[str, tuple[float, ...]]]


def measure_series(
    sides: Mapping[str, Sequence[Part]],
    sentinels: Part,
    seconds: float,
    rounds: int | None = None,
    before: Callable[[int], None] = lambda _: None,
    least: int = 0,
) -> Iterator[Series]:
    """The rounds until now, after each: so many, of which `seconds` are expected, or as many as those allow, but no
    fewer than `least`. `before` is told each one's number."""
    began = time.monotonic()
    done = Series((), {side: {name: () for part in parts for name in part.calls} for side, parts in sides.items()})
    with Progress() as progress:
        for number, order in enumerate(orders([*sides], rounds or MOST_ROUNDS, int(time.time()))):
            elapsed = time.monotonic() - began
            each = elapsed / number if number else 0.0
            if not rounds and elapsed + each > seconds and number >= least:
                return
            of = rounds or max(round(seconds / each) if number else 0, number + 1, least)
            progress.begin(number, of, "rounds", each * (of - number) if number else seconds)
            before(number)
            measured, values = measure_round(sides, order, sentinels)
            times = {
                side: {name: (*known, values[side][name]) for name, known in of_side.items()}
                for side, of_side in done.times.items()
            }
            done = Series((*done.rounds, measured), times)
            yield done


SIDES = ("base", "head")
_LONGEST = 600.0  # seconds for base's first process, with all verification
_HANGS = 10  # times what base's first process took, beyond which a process is ended
_ABSENT = RowResult(other_name(""), (), "did not run")
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
            base, head = (once[side].by_name.get(name, _ABSENT) for side in SIDES)
            if not base.repetitions:
                doubts.append(f"not compared: {name} fails in base already: {base.error}")
                continue
            if not head.repetitions:
                failures.append(NamedReason(name, head.error))
                continue
            seconds = _seconds(base)
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


def _measured(name: str, calls: int, base: RowResult, head: RowResult) -> Measured:
    def counters(key: str) -> Iterator[float | None]:
        for row in (base, head):
            value = row.repetitions[-1].counters.get(key, math.nan)
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
    timings = machine.once([*widest.values()], SECONDS).by_name
    return Part(machine, {name: max(1, round(SECONDS / _seconds(timings[name]))) for name in widest.values()})


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


def keeping(file: Path, *again: str) -> AbstractContextManager[None]:
    """Where it ends early, says what judges the rounds that are finished, if there are any in the file."""
    return telling(lambda: f"; {shlex.join(again)} judges the rounds that are finished" if file.exists() else "")
