"""Time per element against T: the slope is the method, the height is the kernel."""

from collections.abc import Mapping
from functools import partial

from matplotlib.axes import Axes

from trilbench.compute import curves
from trilbench.compute.curves import Point
from trilbench.compute.table import Table
from trilbench.render.figures.against_t import Height, against_t
from trilbench.render.figures.canvas import SMALL
from trilbench.render.figures.drawing import Drawing, Nothing
from trilbench.render.figures.palette import Theme
from trilbench.render.figures.shared import implementations, name_cells, name_columns, title
from trilbench.render.units import count

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
    height = Height(
        label=f"ns per {'useful ' if triangle else ''}element (log)",
        value=lambda point: point.nanoseconds_per_element(point.entry.seconds),
        limits=(min(values) / 2, max(values) * 4),
        log=True,
        decorate=partial(_guides, flat, steep),
    )
    heading = title(table, "time per element")
    return Drawing(
        title=heading,
        caption="Median time of a call over the number of "
        + ("elements on and below the diagonal" if triangle else "elements")
        + ", against T, on log axes; each way with the instruction set that is fastest at that shape (the markers). A "
        f"flat run of points is work that grows as {flat}, one as steep as the guide is work that grows as {steep}. "
        "Lower is faster. Solid lines connect shapes that differ in T alone; points without a line differ in other "
        "axes too." + (CACHES if caches else ""),
        alt=f"Time per element in nanoseconds against T for {count(len(implementations(found)), 'way')} of "
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


def _guides(flat: str, steep: str, axes: Axes, theme: Theme) -> None:
    """The two slopes, from one point in the upper left, which rising curves leave free."""
    low, high = axes.get_xlim()
    bottom, top = axes.get_ylim()
    x0, x1 = low * (high / low) ** 0.05, low * (high / low) ** 0.24
    x1 = min(x1, x0 * (top / bottom) ** 0.2)  # so that the steep one stays above the curves
    y0 = top / (x1 / x0) / (top / bottom) ** 0.1
    ink = {"color": theme.quiet, "linewidth": 1.4, "linestyle": (0, (2, 1.5))}
    text = {"color": theme.quiet, "fontsize": SMALL, "va": "center"}
    text["bbox"] = {"facecolor": theme.page, "edgecolor": "none", "pad": 1}
    for y1, name in ((y0, f" work ~ {flat}"), (y0 * x1 / x0, f" work ~ {steep}")):
        axes.plot([x0, x1], [y0, y1], **ink)
        axes.text(x1, y1, name, **text, zorder=1.5)
