"""Times over the runs of one machine: a panel for each benchmark, commits on the axis they share."""

from collections.abc import Sequence

from trilbench.history.series import Series
from trilbench.history.store import History
from trilbench.history.verdict import Judged, Verdict
from trilbench.report.figures.make import Figure
from trilbench.report.table import variant_order
from trilbench.results.names import Size
from trilbench.results.units import count

MOST_PANELS = 12


def history_figure(history: History, verdict: Verdict, most: int = MOST_PANELS) -> Figure | None:
    """The judged series, `most` of them at most. None if there is nothing to draw."""
    return None


def left_out(verdict: Verdict, most: int = MOST_PANELS) -> str:
    """A sentence on what the figure has no room for; empty if it shows everything."""
    missing = len(verdict.judged) - most
    return f" {count(missing, 'more benchmark')} not shown: choose with --select." if missing > 0 else ""


def pick(judged: Sequence[Judged], most: int) -> tuple[Judged, ...]:
    """At most `most`: first what is slower than the baseline, then what changed, then of each implementation the widest
    instruction set on one shape after the other; what the newest runs no longer measure comes last. In order of their
    names."""
    newest = max((each.series.points[-1].place for each in judged), default=0)
    turns: dict[tuple[str, str], int] = {}
    ranked = []
    for each in sorted(judged, key=lambda each: _wide_first(each.series)):
        name = each.series.name
        turn = turns[name.operation, name.implementation] = turns.get((name.operation, name.implementation), -1) + 1
        told = not each.regressed, not any(not change.advisory for change in each.changes)
        alive = each.series.points[-1].place == newest
        ranked.append(((*told, not alive, not each.series.ours, turn), each))
    chosen = [each for _, each in sorted(ranked, key=lambda pair: pair[0])[:most]]
    return tuple(sorted(chosen, key=lambda each: _order(each.series)))


def _wide_first(series: Series) -> tuple[str, str, int]:
    of_set = variant_order(f"_/{series.name.isa}")
    return series.name.operation, series.name.implementation, -of_set[-1]


def _order(series: Series) -> tuple[object, ...]:
    name = series.name
    return (
        name.operation,
        variant_order(name.variant),
        [_lengths(size) for _, size in name.axes],
        name.threads,
        series.points[0].place,
    )


def _lengths(size: Size) -> tuple[int, ...]:
    return size if isinstance(size, tuple) else (size,)
