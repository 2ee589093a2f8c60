"""Which series a figure shows if it has not room for all."""

from collections.abc import Sequence

from trilbench.compute.history.series import Series
from trilbench.compute.history.verdict import Judged
from trilbench.compute.table import variant_order
from trilbench.model.name import Size


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
