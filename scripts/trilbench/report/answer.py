"""The answer that a run gives: which variant wins where, by how much, and how far it is from the machine's limit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from trilbench.report.table import Entry, Line, Table, level, ranked
from trilbench.results.statistics import evenly

_MOST_SHAPES = 5  # of an operation in the overview


@dataclass(frozen=True)
class Rival:
    """Whom the winner left behind at a shape."""

    variant: str
    factor: float  # how many times as fast the winner is; below 1 where it is not
    low: float  # the factor of the winner's tenth percentile over the rival's ninetieth
    high: float  # and the other way round
    level: bool  # the run cannot tell the two apart: 1 lies between low and high
    less_accurate: bool  # beyond the error bound


@dataclass(frozen=True)
class Win:
    """The best at one shape: of our own variants, unless libraries take part."""

    shape: str
    variant: str
    implementation: str
    entry: Entry
    next: Rival | None  # the best of another implementation
    level_with: tuple[str, ...]  # the other implementations of ours that the run cannot tell from it, the best first
    peer: Rival | None  # the fastest library, where libraries take no part


@dataclass(frozen=True)
class Overview:
    """The winners of several operations at one number of threads."""

    threads: int
    operations: tuple["Brief", ...]


@dataclass(frozen=True)
class Brief:
    """An operation in a few lines."""

    table: Table
    wins: tuple[Win, ...]  # at some shapes, the first and the last among them
    shapes: int  # at which it has a winner

    @property
    def whole(self) -> bool:
        return len(self.wins) == self.shapes

    def over_loop(self, win: Win) -> float | None:
        """How many times as fast as the definition's loop, kept scalar."""
        return self._over(win, lambda baseline: "/auto-" not in baseline)

    def over_plain(self, win: Win) -> float | None:
        """How many times as fast as plain code that the compiler vectorises."""
        return self._over(win, lambda baseline: "/auto-" in baseline)

    def _over(self, win: Win, wanted: Callable[[str], bool]) -> float | None:
        values = zip(self.table.baselines, win.entry.speedups, strict=True)
        return next((value for baseline, value in values if wanted(baseline)), None)


def overviews(tables: Iterable[Table]) -> tuple[Overview, ...]:
    """One for each number of threads at which more than one operation has a winner."""
    found: dict[int, list[Brief]] = {}
    for table in tables:
        if won := wins(table):
            found.setdefault(table.threads, []).append(Brief(table, tuple(evenly(won, _MOST_SHAPES)), len(won)))
    return tuple(Overview(threads, tuple(briefs)) for threads, briefs in found.items() if len(briefs) > 1)


def standings(lines: Iterable[Line], place: int) -> list[tuple[Line, Entry]]:
    """What has a time at that shape, the best first."""
    return ranked((line, entry) for line in lines if (entry := line.entries[place]))


def wins(table: Table, libraries: bool = False) -> tuple[Win, ...]:
    """One for each shape at which something has a time. Text, tables and figures all ask here, so that no two of them
    name different winners."""
    found = []
    for place in range(len(table.shapes)):
        own, peers = standings(table.lines, place), standings(table.peers, place)
        found.append(_win(table.shapes[place], *((_merged(own, peers), []) if libraries else (own, peers))))
    return tuple(win for win in found if win)


def _merged(*standing: list[tuple[Line, Entry]]) -> list[tuple[Line, Entry]]:
    """As one. Each keeps its order: what is not known of a library changes nothing among our own variants."""
    found = []
    while left := [each for each in standing if each]:
        best, _ = ranked((each, each[0][1]) for each in left)[0]
        found.append(best.pop(0))
    return found


def _win(shape: str, those: Sequence[tuple[Line, Entry]], peers: Sequence[tuple[Line, Entry]]) -> Win | None:
    """Of `those`, the best first."""
    if not those:
        return None
    line, entry = those[0]
    others = [(other, its) for other, its in those if other.implementation != line.implementation]
    return Win(
        shape=shape,
        variant=line.variant,
        implementation=line.implementation,
        entry=entry,
        next=_rival(others, entry),
        level_with=tuple(dict.fromkeys(other.implementation for other, its in others if level(entry, its))),
        peer=_rival(peers, entry),
    )


def _rival(others: Sequence[tuple[Line, Entry]], winner: Entry) -> Rival | None:
    if not others:
        return None
    line, entry = others[0]
    factor, low, high = ahead(winner, entry)
    inexact = entry.error is not None and entry.error > 1
    return Rival(line.variant, factor, low, high, level(entry, winner), inexact)


def ahead(winner: Entry, other: Entry) -> tuple[float, float, float]:
    """How many times as fast, at least and at most: by what `level` goes by, so that the two never disagree."""
    one, two = (None if each.above_limit else each.of_limit for each in (winner, other))
    if not one or not two or min(one.p10, two.p10) <= 0:
        one, two = other.times, winner.times
    return one.median / two.median, one.p10 / two.p90, one.p90 / two.p10
