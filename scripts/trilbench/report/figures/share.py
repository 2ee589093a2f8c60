"""The share of the machine's limit against T, libraries beside our implementations."""

from collections.abc import Mapping
from functools import partial

from matplotlib.axes import Axes

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.against_t import Height, against_t
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.palette import Theme
from trilbench.report.figures.shared import implementations, name_cells, name_columns, title
from trilbench.report.figures.time_per_element import CACHES
from trilbench.report.table import PEER, Table
from trilbench.results.units import count


def share(table: Table, caches: Mapping[str, int], footer: str) -> Drawing | Nothing:
    """`caches` are the bytes that the threads' caches hold."""
    if "T" not in table.axis_names:
        return Nothing(f"{table.operation} has no axis T; the figure limit has its shares")
    found = tuple(point for point in curves.best_sets(curves.points(table)) if point.entry.of_limit)
    if not found:
        return Nothing("no row has the counter of_limit")
    highest = max(map(_of_limit, found))
    height = Height(
        label="share of the limit (1 is the limit)",
        value=_of_limit,
        limits=(0, max(1.1, highest * 1.05)),
        log=False,
        decorate=_limit,
    )
    heading = title(table, "share of the limit")
    libraries = len({point.implementation for point in found if point.isa == PEER})
    own = len(implementations(found)) - libraries
    return Drawing(
        title=heading,
        caption="The least time that the machine allows for this operation over the median time of a call, against T; "
        "each implementation with the instruction set that is fastest at that shape (the markers), libraries as "
        "diamonds. 1 is the best there can be. Solid lines connect shapes that differ in T alone; points without a "
        "line differ in other axes too." + (CACHES if caches else ""),
        alt=f"Share of the machine's limit against T that {count(own, 'implementation')} of {table.operation}"
        + (f" and {libraries} of libraries" if libraries else "")
        + f" reach at {count(len({point.shape for point in found}), 'shape')}.",
        columns=[*name_columns(table), "working_set_bytes", "of_limit", "of_limit_p10", "of_limit_p90"],
        lines=[_line(table, point) for point in found],
        draw=partial(against_t, heading, footer, found, height, caches),
    )


def _of_limit(point: Point) -> float:
    assert point.entry.of_limit
    return point.entry.of_limit.median


def _line(table: Table, point: Point) -> dict[str, str | float | int]:
    assert point.entry.of_limit
    return {
        **name_cells(table, point),
        "working_set_bytes": curves.working_set(point),
        "of_limit": point.entry.of_limit.median,
        "of_limit_p10": point.entry.of_limit.p10,
        "of_limit_p90": point.entry.of_limit.p90,
    }


def _limit(axes: Axes, theme: Theme) -> None:
    """A line in every panel at the best there can be; no ticks where the shapes' names stand."""
    for each in axes.figure.axes:
        each.axhline(1, color=theme.text, linewidth=1.2, zorder=2)
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= axes.get_ylim()[1]])
