"""Rounds: in each, a fresh process of every side, and beside it work that is the same on all of them."""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trilbench.host import cores, moment
from trilbench.measure.comparison.runner import Runner
from trilbench.model.comparison import Moment, Round
from trilbench.stop import Exit, Stop

SECONDS = 0.01  # of a repetition
PROCESS_LIMIT = 20.0


@dataclass(frozen=True)
class Part:
    """One program's share of a side's process."""

    runner: Runner
    calls: Mapping[str, int]  # of each benchmark, a repetition; all 0: as many as fill SECONDS
    limit: float = PROCESS_LIMIT  # seconds, after which a process hangs

    def run(self) -> dict[str, "Ran"]:
        """Each benchmark; of the process's repetitions the median. Raises Stop if one fails."""
        counted = any(self.calls.values())
        if counted:
            rows = self.runner.counted(self.calls, self.limit)
        else:
            rows = self.runner.once([*self.calls], SECONDS, self.limit).rows
        found = {}
        for name in self.calls:
            timing = rows.get(name)
            if timing is None or not timing.seconds:
                error = timing.error if timing else "it did not run"
                raise Stop(f"{name} failed in a later round: {error}")
            share = timing.counters.get("cpu_share")
            found[name] = Ran(statistics.median(timing.seconds), share if isinstance(share, float) else None)
        return found


@dataclass(frozen=True)
class Ran:
    """A benchmark in one process."""

    seconds: float  # of a call
    core_share: float | None  # of the last repetition; None: the program does not say


def _run(side: str, parts: Sequence[Part]) -> dict[str, Ran]:
    """Raises Stop, for head with the exit code of a regression: it ran before, and base does."""
    try:
        return {name: value for part in parts for name, value in part.run().items()}
    except Stop as stop:
        raise Stop(f"{side}: {stop}", Exit.WRONG_RESULT if side == "head" else stop.code) from stop


def _core_share(ran: Mapping[str, Ran]) -> float | None:
    """The median of all benchmarks that tell: one of them has bad luck now and then."""
    told = [each.core_share for each in ran.values() if each.core_share is not None]
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
        seconds[side] = {name: each.seconds for name, each in ran.items()}
        took = time.monotonic() - began
        after, own = moment.ticks(), moment.own_seconds() - own
        moments[side] = Moment(
            seconds=round(took, 3),
            sentinels={name: each.seconds for name, each in watched.items()},
            others=moment.busy_others(before, after, own, took),
            steal=moment.steal(before, after, took),
            free=round(max(cores.allowed_count() - max(own / took, 1.0), 0.0), 2),
            core_share=_core_share(watched | ran),
        )
    return Round(tuple(order), moments), seconds
