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
    factor: float  # its time over the winner's
    level: bool  # the run cannot tell the two apart
    less_accurate: bool  # beyond the error bound


@dataclass(frozen=True)
class Win:
    """The best of our own variants at one shape."""

    shape: str
    variant: str
    implementation: str
    entry: Entry
    next: Rival | None  # the best of another implementation
    level_with: tuple[str, ...]  # the other implementations of ours that the run cannot tell from it, the best first
    peer: Rival | None  # the fastest library; its factor is below 1 where it is faster


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
        return self._over(win, lambda baseline: not _vectorised(baseline))

    def over_plain(self, win: Win) -> float | None:
        """How many times as fast as plain code that the compiler vectorises."""
        return self._over(win, _vectorised)

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


def _vectorised(variant: str) -> bool:
    return "/auto-" in variant


def wins(table: Table) -> tuple[Win, ...]:
    """One for each shape at which something has a time."""
    found = (_win(table, place) for place in range(len(table.shapes)))
    return tuple(win for win in found if win)


def _win(table: Table, place: int) -> Win | None:
    timed = ranked(_timed(table.lines, place))
    if not timed:
        return None
    line, entry = timed[0]
    others = [other for other in table.lines if other.implementation != line.implementation]
    return Win(
        shape=table.shapes[place],
        variant=line.variant,
        implementation=line.implementation,
        entry=entry,
        next=_rival(others, place, entry),
        level_with=tuple(
            dict.fromkeys(
                other.implementation
                for other, its in timed
                if other.implementation != line.implementation and level(entry, its)
            )
        ),
        peer=_rival(table.peers, place, entry),
    )


def _rival(lines: Sequence[Line], place: int, winner: Entry) -> Rival | None:
    found = ranked(_timed(lines, place))
    if not found:
        return None
    line, entry = found[0]
    return Rival(
        variant=line.variant,
        factor=entry.seconds / winner.seconds,
        level=level(entry, winner),
        less_accurate=entry.error is not None and entry.error > 1,
    )


def _timed(lines: Iterable[Line], place: int) -> list[tuple[Line, Entry]]:
    return [(line, entry) for line in lines if (entry := line.entries[place])]
