"""The answer that a run gives: which way wins where, by how much, and how far it is from the machine's limit."""

from collections.abc import Sequence
from dataclasses import dataclass

from trilbench.compute.table import Entry, Line, Table, fastest


@dataclass(frozen=True)
class Rival:
    """Whom the winner left behind at a shape."""

    way: str
    factor: float  # its time over the winner's
    level: bool  # the middle 80 % of both ways' repetitions overlap: the two cannot be told apart
    less_accurate: bool  # beyond the error bound


@dataclass(frozen=True)
class Win:
    """The fastest of our own ways at one shape."""

    shape: str
    way: str
    implementation: str
    entry: Entry
    next: Rival | None  # the fastest of another implementation
    peer: Rival | None  # the fastest library; its factor is below 1 where it is faster


def wins(table: Table) -> tuple[Win, ...]:
    """One for each shape at which something has a time."""
    found = (_win(table, place) for place in range(len(table.shapes)))
    return tuple(win for win in found if win)


def _win(table: Table, place: int) -> Win | None:
    winner = fastest(table.lines, place)
    if winner is None:
        return None
    line, entry = winner
    others = [other for other in table.lines if other.implementation != line.implementation]
    return Win(
        shape=table.shapes[place],
        way=line.way,
        implementation=line.implementation,
        entry=entry,
        next=_rival(others, place, entry),
        peer=_rival(table.peers, place, entry),
    )


def _rival(lines: Sequence[Line], place: int, winner: Entry) -> Rival | None:
    found = fastest(lines, place)
    if found is None:
        return None
    line, entry = found
    return Rival(
        way=line.way,
        factor=entry.seconds / winner.seconds,
        level=entry.times.p10 <= winner.times.p90 and winner.times.p10 <= entry.times.p90,
        less_accurate=entry.error is not None and entry.error > 1,
    )
