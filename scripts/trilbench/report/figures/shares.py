"""The share of the machine's limit, and of its peak."""

from functools import partial

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.lanes import Column, lanes
from trilbench.report.figures.shared import name_cells, name_columns, title
from trilbench.report.table import Table
from trilbench.results import units
from trilbench.results.statistics import Summary

_SHARES = {
    "of_limit": ("share of the limit (least time / time)", "the limit"),
    "of_peak": ("share of the FMA peak", "the peak"),
}


def shares(table: Table, footer: str) -> Drawing | Nothing:
    """Both shares, or the one that the run has."""
    found = curves.points(table)
    values: dict[str, dict[Point, Summary]] = {
        "of_limit": {point: point.entry.of_limit for point in found if point.entry.of_limit},
        "of_peak": {point: point.entry.of_peak for point in found if point.entry.of_peak},
    }
    columns = [
        Column(_SHARES[key][0], of_points, units.share, one=_SHARES[key][1])
        for key, of_points in values.items()
        if of_points
    ]
    if not columns:
        return Nothing("no row has the counters of_limit or of_peak")
    heading = title(table, "how near to what the machine can do")
    return Drawing(
        title=heading,
        caption="A row per shape, in it a lane per implementation; each dot is an instruction set's median, the bar "
        "through it reaches from p10 to p90 of the repetitions. Left: the least time that the machine allows for this "
        "operation over the measured time, so a slow method scores low. Right: the method's own useful arithmetic over "
        "the machine's FMA peak: how well the kernel uses the machine, whatever the method. The number stands beside "
        "the best of its row. A dot right of 1 says that the limit is wrong or the machine was disturbed.",
        alt=f"Dot plot of the share of the limit and of the FMA peak that each implementation of {table.operation} "
        f"reaches at {units.count(len({point.shape for point in found}), 'shape')}.",
        columns=[*name_columns(table), *(f"{key}{end}" for key in values for end in ("", "_p10", "_p90"))],
        lines=[_line(table, point) for point in found if any(point in of_points for of_points in values.values())],
        draw=partial(lanes, heading, footer, columns),
    )


def _line(table: Table, point: Point) -> dict[str, str | float | int]:
    line: dict[str, str | float | int] = {**name_cells(table, point)}
    for key, summary in (("of_limit", point.entry.of_limit), ("of_peak", point.entry.of_peak)):
        if summary:
            line |= {key: summary.median, f"{key}_p10": summary.p10, f"{key}_p90": summary.p90}
    return line
