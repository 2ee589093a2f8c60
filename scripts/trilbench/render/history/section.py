"""A history as a part of a run's page: its figure, and every change of every benchmark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilbench.compute.history.verdict import Change, Judged, Rule, Verdict
from trilbench.model.history import History
from trilbench.render.history.changes import between, headline

if TYPE_CHECKING:
    from trilbench.render.figures import Figure


@dataclass(frozen=True)
class ChangeLine:
    """One change of one benchmark's time."""

    benchmark: str
    between: str  # which runs
    place: int  # of the first run of the new level
    change: Change
    old: float  # seconds
    new: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """What the page shows of a history."""

    key: str  # of the machine
    headline: str
    lines: tuple[ChangeLine, ...]  # the newest first
    figure: "Figure | None"


def section(history: History, verdict: Verdict, rule: Rule, figure: "Figure | None") -> Section:
    """The judged history in words and numbers."""
    lines = [line for each in verdict.judged for line in _lines(history, each)]
    lines.sort(key=lambda line: (-line.place, -abs(line.change.ratio - 1)))
    return Section(history.key, headline(history, verdict, rule), tuple(lines), figure)


def _lines(history: History, each: Judged) -> Sequence[ChangeLine]:
    return [
        ChangeLine(
            benchmark=each.series.title,
            between=between(history, change.before, change.after),
            place=change.after,
            change=change,
            old=each.levels[i].seconds,
            new=each.levels[i + 1].seconds,
            notes=(*(["gradually"] if change.gradual else []), *filter(None, [change.advisory]), *change.remarks),
        )
        for i, change in enumerate(each.changes)
    ]
