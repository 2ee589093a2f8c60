"""A figure against T: what the implementations reach, on panels of shapes that can be compared."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.report import curves
from trilbench.report.curves import Panel, Point
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.report.figures.palette import Theme, colour, short
from trilbench.report.figures.shared import implementations, isas, mark
from trilbench.results.names import size_text
from trilbench.results.units import binary_bytes

_MOST_NAMED, _MOST_ROWS = 7, 4  # shapes whose names fit below the points, and rows of them


@dataclass(frozen=True)
class Height:
    """What a point's height is."""

    label: str
    value: Callable[[Point], float]
    limits: tuple[float, float]
    log: bool
    decorate: Callable[[Axes, Theme], None]  # draws into the first panel what belongs to the label


def against_t(
    heading: str, footer: str, found: Sequence[Point], height: Height, caches: Mapping[str, int], theme: Theme
) -> Figure:
    """Every point; lines connect those of an implementation that differ in T alone."""
    canvas = Canvas(theme, heading, footer, height=5.4)
    parts = curves.panels(found)
    canvas.key(implementations(found) if len(parts) > 1 else (), isas(found))
    first: Axes | None = None
    names = _names(canvas, found) if len(parts) == 1 else 0.0
    for (left, right), part in zip(_edges(len(parts), names), parts, strict=True):
        axes = canvas.axes(left, right, top=0.3, share_y=first)
        _scales(axes, part, height, spacing=0.38 / (right - left))
        _points(axes, part, height, theme)
        axes.set_xlabel(f"T{part.title and f' at {part.title}'} (log)")
        if first is None:
            axes.set_ylabel(height.label)
            first = axes
        else:
            axes.tick_params(labelleft=False)
        if part.same_channels:
            _cache_lines(axes, part, caches, theme)
        else:
            _name_shapes(axes, part, height, caches, theme)
    assert first is not None
    height.decorate(first, theme)
    if len(parts) == 1:
        _name_implementations(first, found, height, theme)
    return canvas.figure


def _edges(number: int, names: float) -> list[tuple[float, float]]:
    """Left and right of the panels in inches: one leaves room for the implementations' names."""
    return [(0.85, WIDTH - names - 0.3)] if number == 1 else [(0.85, 4.3), (4.5, WIDTH - 0.3)]


def _names(canvas: Canvas, found: Sequence[Point]) -> float:
    """The width of the longest name of an implementation, in inches."""
    return max(canvas.width(short(name), SMALL) for name in implementations(found))


def _scales(axes: Axes, part: Panel, height: Height, spacing: float) -> None:
    """`spacing` is the least distance of two ticks, as a share of the axis."""
    axes.set_xscale("log", base=2)
    if height.log:
        axes.set_yscale("log")
    axes.set_ylim(*height.limits)
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


def _points(axes: Axes, part: Panel, height: Height, theme: Theme) -> None:
    for line in curves.series(part.points):
        others = line[0].others
        lengths = sorted({point.sizes["T"] for point in part.points if point.others == others})
        for piece in curves.without_gaps(line, lengths):
            axes.plot(
                [point.sizes["T"] for point in piece],
                [height.value(point) for point in piece],
                color=colour(line[0].implementation, theme),
                linewidth=2,
                zorder=3,
            )
    for point in sorted(part.points, key=lambda point: point.isa != "peer"):  # ours are not hidden by libraries
        mark(axes, point.sizes["T"], height.value(point), point, theme)


def _cache_lines(axes: Axes, part: Panel, caches: Mapping[str, int], theme: Theme) -> None:
    """Where what must be read and written fills a cache, for the other axes that the most shapes of the panel have."""
    every = [point.others for point in {point.shape: point for point in part.points}.values()]
    others = max(every, key=every.count)
    sizes = {point.sizes["T"]: curves.working_set(point) for point in part.points if point.others == others}
    told = False
    for level, size in caches.items():
        if length := curves.length_of(size, sizes):
            axes.axvline(length, color=theme.quiet, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
            axes.annotate(
                level if told else f"{level} full" + "".join(f" at {a} = {size_text(n)}" for a, n in others[:1]),
                (length, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 4),
                textcoords="offset points",
                ha="center",
                fontsize=SMALL - 1,
                color=theme.quiet,
            )
            told = True


def _name_shapes(axes: Axes, part: Panel, height: Height, caches: Mapping[str, int], theme: Theme) -> None:
    """Below the points, in as many rows as it takes: each shape, and the cache that holds its arrays."""
    shapes = list(curves.by_shape(part.points).values())
    if len(shapes) > _MOST_NAMED:
        return
    low, high = (math.log(limit) for limit in axes.get_xlim())
    rows: list[float] = []  # where the last name of each ends, in shares of the plot's width
    names: list[tuple[float, float, str]] = []  # place, row, text
    for group in sorted(shapes, key=lambda group: group[0].sizes["T"]):
        point = group[0]
        place = (math.log(point.sizes["T"]) - low) / (high - low)
        level = curves.home(curves.working_set(point), caches)
        text = f"{point.shape}\n{level or binary_bytes(curves.working_set(point))}"
        half = 0.0072 * len(point.shape)
        row = next((i for i, end in enumerate(rows) if end < place - half), len(rows))
        rows[row : row + 1] = [place + half + 0.01]
        names.append((place, row, text))
    if len(rows) > _MOST_ROWS:
        return
    for place, row, text in names:
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
    bottom, top = height.limits
    share = 0.1 * len(rows) + 0.02  # of the plot, for the names
    more = share / (1 - share)
    axes.set_ylim(bottom / (top / bottom) ** more if height.log else bottom - (top - bottom) * more, top)


def _name_implementations(axes: Axes, found: Sequence[Point], height: Height, theme: Theme) -> None:
    """Right of the plot, each beside its last point, pushed apart where they would overlap."""
    last = {point.implementation: point for point in sorted(found, key=lambda p: (p.sizes["T"], -p.entry.seconds))}
    scale = math.log if height.log else float
    low, high = (scale(limit) for limit in axes.get_ylim())
    heights = {name: (scale(height.value(point)) - low) / (high - low) for name, point in last.items()}
    for name, place in zip(
        ordered := sorted(heights, key=lambda name: heights[name]),
        apart([heights[name] for name in ordered], 0.062),
        strict=True,
    ):
        point = last[name]
        axes.annotate(
            short(name),
            (point.sizes["T"], height.value(point)),
            xytext=(1.015, place),
            textcoords="axes fraction",
            va="center",
            fontsize=SMALL,
            color=colour(name, theme),
            arrowprops={
                "arrowstyle": "-",
                "color": colour(name, theme),
                "linewidth": 0.7,
                "relpos": (0, 0.5),  # from the name's beginning, so that it crosses no other name
                "shrinkA": 0,
                "shrinkB": 5,
            },
        )


def apart(places: Sequence[float], least: float) -> list[float]:
    """Ascending places moved as little as may be so that neighbours are `least` apart, and none below 0."""
    groups: list[tuple[float, int]] = []  # mean of what they want, number
    for place in places:
        groups.append((place, 1))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < least * (groups[-1][1] + groups[-2][1]) / 2:
            (a, m), (b, n) = groups[-2:]
            groups[-2:] = [((a * m + b * n) / (m + n), m + n)]
    moved = [mean + least * (i - (number - 1) / 2) for mean, number in groups for i in range(number)]
    return [max(place, least * i) for i, place in enumerate(moved)]
