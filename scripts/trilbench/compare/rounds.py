"""Rounds: in each, a fresh process of every side, and beside it work that is the same on all of them."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trilbench.compare.record import Moment, Round
from trilbench.compare.runner import Runner, Timing
from trilbench.machine import cores, moment
from trilbench.report.terminal import RunProgress
from trilbench.stop import Exit, Stop

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

    def run(self) -> Mapping[str, Timing]:
        """Each benchmark. Raises Stop if one fails."""
        if any(self.calls.values()):
            rows = self.runner.counted(self.calls, self.limit)
        else:
            rows = self.runner.once([*self.calls], SECONDS, self.limit).rows
        for name in self.calls:
            if name not in rows or not rows[name].seconds:
                raise Stop(f"{name} failed in a later round: {rows[name].error if name in rows else 'it did not run'}")
        return {name: rows[name] for name in self.calls}


def _run(side: str, parts: Sequence[Part]) -> dict[str, Timing]:
    """Raises Stop, for head with the exit code of a regression: it ran before, and base does."""
    try:
        return {name: value for part in parts for name, value in part.run().items()}
    except Stop as stop:
        raise Stop(f"{side}: {stop}", Exit.WRONG_RESULT if side == "head" else stop.code) from stop


def _core_share(ran: Mapping[str, Timing]) -> float | None:
    """The median of all benchmarks that tell: one of them has bad luck now and then."""
    told = [each.counters["cpu_share"] for each in ran.values() if "cpu_share" in each.counters]
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
        seconds[side] = {name: each.median for name, each in ran.items()}
        took = time.monotonic() - began
        after, own = moment.ticks(), moment.own_seconds() - own
        moments[side] = Moment(
            seconds=round(took, 3),
            sentinels={name: each.median for name, each in watched.items()},
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
    with RunProgress() as progress:
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
