"""Time per element against T: the slope is the method, the height is the kernel."""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.compute import curves
from trilbench.compute.curves import Panel, Point
from trilbench.compute.table import Table
from trilbench.render.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.render.figures.drawing import Drawing, Nothing
from trilbench.render.figures.palette import Theme, colour, short
from trilbench.render.figures.shared import implementations, isas, mark, name_cells, name_columns, title
from trilbench.render.units import binary_bytes, count

_MOST_NAMED = 7  # shapes whose names fit above the points


def time_per_element(table: Table, caches: Mapping[str, int], footer: str) -> Drawing | Nothing:
    """`caches` are the bytes that the threads' caches hold."""
    if "T" not in table.axes.split("x"):
        return Nothing(f"{table.operation} has no axis T")
    found = curves.best_sets(curves.points(table))
    if not found:
        return Nothing("no row has a time")
    shapes = len({point.shape for point in found})
    return Drawing(
        title=title(table, "time per element"),
        caption="Median time of a call over the number of elements, against T, on log axes; each way with the "
        "instruction set that is fastest at that shape (the markers). A flat run of points is work that grows as T, "
        "one as steep as the guide is work that grows as T². Lower is faster. Solid lines connect shapes that differ "
        "in T alone; points without a line differ in other axes too."
        + (
            " Below a shape's name stands the cache that holds x and y; a dashed line is where they fill it."
            if caches
            else ""
        ),
        alt=f"Time per element in nanoseconds against T for {count(len(implementations(found)), 'way')} of "
        f"{table.operation} at {count(shapes, 'shape')}.",
        columns=[
            *name_columns(table),
            *("working_set_bytes", "time_per_element_ns", "time_per_element_p10_ns", "time_per_element_p90_ns"),
        ],
        lines=[_line(table, point) for point in found],
        draw=partial(_draw, table, found, caches, footer),
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


def _draw(table: Table, found: Sequence[Point], caches: Mapping[str, int], footer: str, theme: Theme) -> Figure:
    canvas = Canvas(theme, title(table, "time per element"), footer, height=5.4)
    parts = curves.panels(found)
    canvas.key(implementations(found) if len(parts) > 1 else (), isas(found))
    values = [point.nanoseconds_per_element(point.entry.seconds) for point in found]
    edges = _edges(len(parts))
    first: Axes | None = None
    for (left, right), part in zip(edges, parts, strict=True):
        axes = canvas.axes(left, right, top=0.3, share_y=first)
        _scales(axes, part, spacing=0.38 / (right - left))
        axes.set_ylim(min(values) / 2, max(values) * 4)
        _points(axes, part, theme)
        axes.set_xlabel(f"T{part.title and f' at {part.title}'} (log)")
        if first is None:
            axes.set_ylabel("ns per element (log)")
            _guides(axes, theme)
            first = axes
        else:
            axes.tick_params(labelleft=False)
        if part.same_channels:
            _cache_lines(axes, part, caches, theme)
        else:
            _name_shapes(axes, part, caches, theme)
    if len(parts) == 1:
        assert first is not None
        _name_ways(first, found, theme)
    return canvas.figure


def _edges(number: int) -> list[tuple[float, float]]:
    """Left and right of the panels in inches: one leaves room for the ways' names."""
    return [(0.85, WIDTH - 1.75)] if number == 1 else [(0.85, 4.3), (4.5, WIDTH - 0.3)]


def _scales(axes: Axes, part: Panel, spacing: float) -> None:
    """`spacing` is the least distance of two ticks, as a share of the axis."""
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    lengths = sorted({point.sizes["T"] for point in part.points})
    axes.set_xlim(lengths[0] / 1.6, lengths[-1] * 1.6)
    ticks = [lengths[-1]]
    for length in reversed(lengths):
        if math.log(ticks[-1] / length) > spacing * math.log(lengths[-1] * 2.56 / lengths[0]):
            ticks.append(length)
    axes.set_xticks(ticks)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(NullLocator())


def _points(axes: Axes, part: Panel, theme: Theme) -> None:
    for line in curves.series(part.points):
        others = line[0].others
        lengths = sorted({point.sizes["T"] for point in part.points if point.others == others})
        for piece in curves.without_gaps(line, lengths):
            axes.plot(
                [point.sizes["T"] for point in piece],
                [point.nanoseconds_per_element(point.entry.seconds) for point in piece],
                color=colour(line[0].implementation, theme),
                linewidth=2,
                zorder=3,
            )
    for point in sorted(part.points, key=lambda point: point.isa != "peer"):  # ours are not hidden by libraries
        mark(axes, point.sizes["T"], point.nanoseconds_per_element(point.entry.seconds), point, theme)


def _guides(axes: Axes, theme: Theme) -> None:
    """The two slopes, from one point in the upper left, which rising curves leave free."""
    low, high = axes.get_xlim()
    bottom, top = axes.get_ylim()
    x0, x1 = low * (high / low) ** 0.05, low * (high / low) ** 0.24
    x1 = min(x1, x0 * (top / bottom) ** 0.2)  # so that the steep one stays above the curves
    y0 = top / (x1 / x0) / (top / bottom) ** 0.1
    ink = {"color": theme.quiet, "linewidth": 1.4, "linestyle": (0, (2, 1.5))}
    text = {"color": theme.quiet, "fontsize": SMALL, "va": "center"}
    text["bbox"] = {"facecolor": theme.page, "edgecolor": "none", "pad": 1}
    for y1, name in ((y0, " work ~ T"), (y0 * x1 / x0, " work ~ T²")):
        axes.plot([x0, x1], [y0, y1], **ink)
        axes.text(x1, y1, name, **text, zorder=1.5)


def _cache_lines(axes: Axes, part: Panel, caches: Mapping[str, int], theme: Theme) -> None:
    """Where x and y fill a cache, for the other axes that the most shapes of the panel have."""
    every = [point.others for point in {point.shape: point for point in part.points}.values()]
    others = max(every, key=every.count)
    width = math.prod(size for _, size in others)
    low, high = axes.get_xlim()
    for level, size in caches.items():
        length = size / (8 * width)
        if low < length < high:
            axes.axvline(length, color=theme.quiet, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
            axes.annotate(
                f"{level} full" + "".join(f" at {axis} = {number}" for axis, number in others[:1]),
                (length, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 4),
                textcoords="offset points",
                ha="center",
                fontsize=SMALL - 1,
                color=theme.quiet,
            )


def _name_shapes(axes: Axes, part: Panel, caches: Mapping[str, int], theme: Theme) -> None:
    """Above the plot, in as many rows as it takes: each shape, and the cache that holds its x and y."""
    shapes = list(curves.by_shape(part.points).values())
    if len(shapes) > _MOST_NAMED:
        return
    low, high = (math.log(limit) for limit in axes.get_xlim())
    rows: list[float] = []  # where the last name of each ends, in shares of the plot's width
    for group in sorted(shapes, key=lambda group: group[0].sizes["T"]):
        point = group[0]
        place = (math.log(point.sizes["T"]) - low) / (high - low)
        level = curves.home(curves.working_set(point), caches)
        text = f"{point.shape}\n{level or binary_bytes(curves.working_set(point))}"
        half = 0.0072 * len(point.shape)
        row = next((i for i, end in enumerate(rows) if end < place - half), len(rows))
        rows[row : row + 1] = [place + half + 0.01]
        axes.axvline(point.sizes["T"], color=theme.line, linewidth=0.6, zorder=1)
        axes.text(
            place,
            0.02 + 0.1 * row,
            text,
            transform=axes.transAxes,
            ha="center",
            va="bottom",
            fontsize=SMALL - 1.5,
            color=theme.quiet,
            linespacing=0.95,
            bbox={"facecolor": theme.page, "edgecolor": "none", "pad": 0.5},
        )
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom / (top / bottom) ** (0.1 * len(rows)), top)


def _name_ways(axes: Axes, found: Sequence[Point], theme: Theme) -> None:
    """Right of the plot, each beside its last point, pushed apart where they would overlap."""
    last = {point.implementation: point for point in sorted(found, key=lambda p: (p.sizes["T"], -p.entry.seconds))}
    low, high = (math.log(limit) for limit in axes.get_ylim())
    height = {
        name: (math.log(point.nanoseconds_per_element(point.entry.seconds)) - low) / (high - low)
        for name, point in last.items()
    }
    for name, place in zip(
        ordered := sorted(height, key=lambda name: height[name]),
        apart([height[name] for name in ordered], 0.062),
        strict=True,
    ):
        point = last[name]
        axes.annotate(
            short(name),
            (point.sizes["T"], point.nanoseconds_per_element(point.entry.seconds)),
            xytext=(1.015, place),
            textcoords="axes fraction",
            va="center",
            fontsize=SMALL,
            color=colour(name, theme),
            arrowprops={
                "arrowstyle": "-",
                "color": colour(name, theme),
                "linewidth": 0.7,
                "alpha": 0.6,
                "shrinkA": 0,
                "shrinkB": 5,
            },
        )


def apart(places: Sequence[float], least: float) -> list[float]:
    """Ascending places moved as little as may be so that neighbours are `least` apart."""
    groups: list[tuple[float, int]] = []  # mean of what they want, number
    for place in places:
        groups.append((place, 1))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < least * (groups[-1][1] + groups[-2][1]) / 2:
            (a, m), (b, n) = groups[-2:]
            groups[-2:] = [((a * m + b * n) / (m + n), m + n)]
    return [mean + least * (i - (number - 1) / 2) for mean, number in groups for i in range(number)]
