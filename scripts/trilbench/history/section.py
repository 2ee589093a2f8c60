"""A history as a part of a run's page: its figure, and every change of every benchmark."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trilbench.history.changes import between, headline
from trilbench.history.store import History
from trilbench.history.verdict import Judged, Rule, Verdict
from trilbench.report.page import ChangeLine, Past

if TYPE_CHECKING:
    from trilbench.report.figures.make import Figure


def section(history: History, verdict: Verdict, rule: Rule, figure: "Figure | None") -> Past:
    """The judged history in words and numbers."""
    lines = [line for each in verdict.judged for line in _lines(history, each)]
    lines.sort(key=lambda line: (-line.place, -abs(line.ratio - 1)))
    return Past(history.key, headline(history, verdict, rule), tuple(lines), figure)


def _lines(history: History, each: Judged) -> Sequence[ChangeLine]:
    return [
        ChangeLine(
            benchmark=each.series.title,
            between=between(history, change.before, change.after),
            place=change.after,
            ratio=change.ratio,
            low=change.low,
            high=change.high,
            old=each.levels[i].seconds,
            new=each.levels[i + 1].seconds,
            notes=(*(["gradually"] if change.gradual else []), *filter(None, [change.advisory]), *change.remarks),
        )
        for i, change in enumerate(each.changes)
    ]
