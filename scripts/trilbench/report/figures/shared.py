"""Pieces of several figures: the columns that name a point, and marks."""

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes

from trilbench.report.curves import Point
from trilbench.report.figures.palette import Theme, colour, hollow, marker, short
from trilbench.report.table import Table, variant_order
from trilbench.results.names import size_text
from trilbench.results.statistics import Summary
from trilbench.results.units import count


def title(table: Table, what: str) -> str:
    return f"{short(table.operation)}: {what}, {count(table.threads, 'thread')}"


def name_columns(table: Table) -> list[str]:
    """What says which point a line of a CSV is."""
    return ["operation", "omp_threads", "implementation", "isa", "shape", *table.axis_names]


def name_cells(table: Table, point: Point) -> dict[str, str | int]:
    return {
        "operation": table.operation,
        "omp_threads": table.threads,
        "implementation": point.implementation,
        "isa": point.isa,
        "shape": point.shape,
        **{axis: size_text(size) for axis, size in point.axes},
    }


def implementations(found: Iterable[Point]) -> list[str]:
    """From plain to learned; libraries last."""
    first = {point.implementation: (point.isa == "peer", variant_order(point.variant)) for point in reversed([*found])}
    return sorted(first, key=lambda name: first[name])


def isas(found: Iterable[Point]) -> list[str]:
    """From narrow to wide, the compiler's before ours."""
    return sorted({point.isa for point in found}, key=lambda isa: variant_order(f"_/{isa}"))


def mark(axes: Axes, x: float, y: float, point: Point, theme: Theme, size: float = 7, **more: Any) -> None:
    """One point in its implementation's colour and its instruction set's marker."""
    ink = colour(point.implementation, theme)
    face = theme.page if hollow(point.isa) else ink
    edge = ink if hollow(point.isa) else theme.page
    settings = {"marker": marker(point.isa), "markersize": size, "mfc": face, "mec": edge, "mew": 1.2, "zorder": 4}
    axes.plot([x], [y], linestyle="none", **(settings | more))


def whisker(axes: Axes, summary: Summary, y: float, ink: str) -> None:
    """From p10 to p90 of the repetitions."""
    axes.plot([summary.p10, summary.p90], [y, y], color=ink, linewidth=1.6, solid_capstyle="butt", zorder=3)
