"""Time per element against T: the slope is the method, the height is the kernel."""

import math
from collections.abc import Mapping
from functools import partial

from matplotlib.axes import Axes

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.against_t import Height, against_t
from trilbench.report.figures.canvas import SMALL
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.palette import Theme
from trilbench.report.figures.shared import implementations, name_cells, name_columns, title
from trilbench.report.table import Table
from trilbench.results.units import count

_GUIDES = 0.3  # of the height that the points need, above them
CACHES = (
    " Below a shape's name stands the cache that holds what must be read and written; a dashed line is where that "
    "fills it."
)


def time_per_element(table: Table, caches: Mapping[str, int], footer: str) -> Drawing | Nothing:
    """`caches` are the bytes that the threads' caches hold."""
    if "T" not in table.axis_names:
        return Nothing(f"{table.operation} has no axis T")
    found = curves.best_sets(curves.points(table))
    if not found:
        return Nothing("no row has a time")
    shapes = len({point.shape for point in found})
    triangle = table.axis_names == ("T",)
    flat, steep = ("T²", "T³") if triangle else ("T", "T²")
    values = [point.nanoseconds_per_element(point.entry.seconds) for point in found]
    low, high = min(values) / 2, max(values) * 1.5
    height = Height(
        label=f"ns per {'useful ' if triangle else ''}element (log)",
        value=lambda point: point.nanoseconds_per_element(point.entry.seconds),
        limits=(low, high * (high / low) ** _GUIDES),
        log=True,
        decorate=partial(_guides, flat, steep, high),
    )
    heading = title(table, "time per element")
    return Drawing(
        title=heading,
        caption="Median time of a call over the number of "
        + ("elements on and below the diagonal" if triangle else "elements")
        + ", against T, on log axes; each implementation with the instruction set that is fastest at that shape (the "
        f"markers). A flat run of points is work that grows as {flat}, one as steep as the guide is work that grows as "
        f"{steep}. Lower is faster. Solid lines connect shapes that differ in T alone; points without a line differ in "
        "other axes too." + (CACHES if caches else ""),
        alt=f"Time per element in nanoseconds against T for {count(len(implementations(found)), 'implementation')} of "
        f"{table.operation} at {count(shapes, 'shape')}.",
        columns=[
            *name_columns(table),
            *("working_set_bytes", "time_per_element_ns", "time_per_element_p10_ns", "time_per_element_p90_ns"),
        ],
        lines=[_line(table, point) for point in found],
        draw=partial(against_t, heading, footer, found, height, caches),
    )


def _line(table: Table, point: Point) -> dict[str, str | float | int]:
    times = point.entry.times
    return {
        **name_cells(table, point),
        "working_set_bytes": curves.working_set(point),
        "time_per_element_ns": point.nanoseconds_per_element(times.median),
        "time_per_element_p10_ns": point.nanoseconds_per_element(times.p10),
        "time_per_element_p90_ns": point.nanoseconds_per_element(times.p90),
    }


def _guides(flat: str, steep: str, above: float, axes: Axes, theme: Theme) -> None:
    """The two slopes, from one point in the upper left, `above` all points."""
    low, high = axes.get_xlim()
    bottom, top = axes.get_ylim()
    decades = math.log(top / bottom)
    x0, y0 = low * (high / low) ** 0.05, math.log(above / bottom) / decades + 0.04  # a share of the plot's height
    x1 = min(low * (high / low) ** 0.24, x0 * math.exp((0.95 - y0) * decades))
    y1 = y0 + math.log(x1 / x0) / decades
    place = axes.get_xaxis_transform()
    ink = {"color": theme.quiet, "linewidth": 1.4, "linestyle": (0, (2, 1.5)), "transform": place}
    text = {"color": theme.quiet, "fontsize": SMALL, "va": "center", "transform": place}
    text["bbox"] = {"facecolor": theme.page, "edgecolor": "none", "pad": 1}
    for end, beside, name in ((y0, y0, f" work ~ {flat}"), (y1, max(y1, y0 + 0.055), f" work ~ {steep}")):
        axes.plot([x0, x1], [y0, end], **ink)
        axes.text(x1, beside, name, **text, zorder=1.5)
