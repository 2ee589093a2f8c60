"""Who is ahead at a shape, and who is level: by the share of the machine's limit, which is measured beside every
repetition and so repeats better than the time; by the time where shares are missing or beyond what can be."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from trilbench.compute.statistics import Summary

if TYPE_CHECKING:
    from trilbench.compute.table import Entry

T = TypeVar("T")


def overlap(one: Summary, other: Summary) -> bool:
    """Whether the middle 80 % of both rows' repetitions overlap, so that the run cannot tell the two apart."""
    return one.p10 <= other.p90 and other.p10 <= one.p90


def level(one: "Entry", other: "Entry") -> bool:
    """Whether the run cannot tell two variants at one shape apart."""
    a, b = _share(one), _share(other)
    return overlap(a, b) if a and b else overlap(one.times, other.times)


def ranked(timed: Iterable[tuple[T, "Entry"]]) -> list[tuple[T, "Entry"]]:
    """What was measured at one shape, the best first."""
    timed = [*timed]
    shares = [share.median for _, entry in timed if (share := _share(entry))]
    by_time = [entry.seconds for _, entry in timed]
    order = [-share for share in shares] if len(shares) == len(timed) else by_time
    return [timed[i] for i in sorted(range(len(timed)), key=order.__getitem__)]


def _share(entry: "Entry") -> Summary | None:
    """One that can be believed."""
    return None if entry.above_limit else entry.of_limit
