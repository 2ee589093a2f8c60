"""What bounds each implementation: arithmetic, or the memory that holds its data."""

import itertools
import math
from collections.abc import Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.palette import Theme
from trilbench.report.figures.places import Box, free, inches, size
from trilbench.report.figures.shared import implementations, isas, mark, name_cells, name_columns, title
from trilbench.report.roofline import Placed, Roofs, placed, roofs
from trilbench.report.table import Table
from trilbench.results.statistics import evenly
from trilbench.results.units import rate

_MOST_NAMED = 12  # shapes
_TINY = SMALL - 1.5
_APART = 1.3  # roofs closer than this factor share a label


def roofline(table: Table, machine: Table | None, caches: Mapping[str, int], footer: str) -> Drawing | Nothing:
    """`machine` holds the rows of the machine's limits at the same number of threads."""
    ceilings = roofs(machine, caches) if machine else None
    if not ceilings:
        return Nothing("the run has not measured the machine's limits; scripts/bench does without --operations")
    places = {point: place for point in curves.points(table) if (place := placed(point, ceilings, caches))}
    if not places:
        return Nothing("no row has flops and bytes")
    heading = title(table, "roofline")
    return Drawing(
        title=heading,
        caption="Useful flops in a second against flops for each byte that the operation must move (algorithmic bytes, "
        "not counted ones), both logarithmic; a dot for each implementation, instruction set and shape; the "
        "best of a shape bears its name, where there is room. Lines: what the machine "
        "gave copies and FMA loops in the same run; sloping: the best copy whose arrays lie in that level; level: the "
        "FMA peak of each instruction set. Arrays in a cache are bound by its line, not by that of the memory. "
        f"Copies, GB/s: {_copies(ceilings)}.",
        alt=f"Roofline of the implementations of {table.operation}: GFLOP/s against flops a byte, below "
        "measured ceilings.",
        columns=[
            *name_columns(table),
            "flops_per_byte",
            "gflop_per_s",
            "level",
            "bound_by",
            "attainable_gflop_per_s",
            "share_of_roof",
        ],
        lines=[
            {
                **name_cells(table, point),
                "flops_per_byte": place.intensity,
                "gflop_per_s": place.gflops,
                "level": place.level,
                "bound_by": place.bound,
                "attainable_gflop_per_s": place.attainable,
                "share_of_roof": place.gflops / place.attainable,
            }
            for point, place in places.items()
        ],
        draw=partial(_draw, heading, places, ceilings, footer),
    )


def _copies(ceilings: Roofs) -> str:
    """Of every level and instruction set."""
    levels = (
        f"{level} {', '.join(f'{rate(width)} ({isa})' for isa, width in widths.items())}"
        for level, widths in ceilings.memory.items()
    )
    return "; ".join(levels)


def _draw(heading: str, places: Mapping[Point, Placed], ceilings: Roofs, footer: str, theme: Theme) -> Figure:
    canvas = Canvas(theme, heading, footer, height=5.6)
    canvas.key(implementations(places), isas(places))
    axes = canvas.axes(0.85, WIDTH - 0.2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    left = min(place.intensity for place in places.values()) / 12  # room for the labels
    left = min(left, ceilings.peak / max(map(ceilings.bandwidth, ceilings.memory)) / 12)
    right = max(max(place.intensity for place in places.values()) * 3, ceilings.peak / _slowest(ceilings) * 12)
    low = min(place.gflops for place in places.values()) / 2
    axes.set_xlim(left, right)
    high = max(ceilings.peak, *(place.gflops for place in places.values()))
    axes.set_ylim(low, high * 2)
    taken = [
        *_memory_roofs(canvas, axes, ceilings, left, theme),
        *_arithmetic_roofs(canvas, axes, ceilings, left, right, theme),
    ]
    for point, place in places.items():
        mark(axes, place.intensity, place.gflops, point, theme, size=6)
    _names(canvas, axes, places, taken, theme)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("flops a byte that must be moved (log)")
    axes.set_ylabel("useful GFLOP/s (log)")
    return canvas.figure


def _slowest(ceilings: Roofs) -> float:
    return min(ceilings.bandwidth(level) for level in ceilings.memory)


def _names(canvas: Canvas, axes: Axes, places: Mapping[Point, Placed], taken: Sequence[Box], theme: Theme) -> None:
    """Of each shape, beside its best point, where there is room; elsewhere with a line to it."""
    best: dict[str, Placed] = {}
    for point, place in places.items():
        if point.shape not in best or place.gflops > best[point.shape].gflops:
            best[point.shape] = place
    shapes = evenly([*best], _MOST_NAMED)
    points = [inches(axes, best[shape].intensity, best[shape].gflops) for shape in shapes]
    labels = [(canvas.width(shape, _TINY) + 0.06, 1.35 * _TINY / 72) for shape in shapes]
    dots = [Box(*inches(axes, place.intensity, place.gflops), 0.11, 0.11) for place in places.values()]
    room = size(axes)
    for shape, (x, y), box in zip(shapes, points, free(points, labels, room, [*dots, *taken]), strict=True):
        if box is None:
            continue
        ends = [x / room[0], box.x / room[0]], [y / room[1], box.y / room[1]]
        axes.plot(*ends, transform=axes.transAxes, color=theme.quiet, linewidth=0.7, zorder=2.4)
        axes.text(
            *(box.x / room[0], box.y / room[1], shape),
            transform=axes.transAxes,
            ha="center",
            va="center",
            fontsize=_TINY,
            color=theme.text,
            bbox={"facecolor": theme.page, "edgecolor": "none", "pad": 0.5},
            zorder=2.5,
        )


def _memory_roofs(canvas: Canvas, axes: Axes, ceilings: Roofs, left: float, theme: Theme) -> list[Box]:
    """Returns what their labels cover."""
    bandwidths = {level: ceilings.bandwidth(level) for level in ceilings.memory}
    for width in bandwidths.values():
        ridge = ceilings.peak / width
        axes.plot([left, ridge], [left * width, ceilings.peak], color=theme.quiet, linewidth=1.2, zorder=2)
    lowest = axes.get_ylim()[0]
    covered = []
    for width, names in _together(bandwidths):
        start = max(left * 1.15, lowest * 1.3 / width)
        covered += _label(canvas, axes, f"{', '.join(names)} {rate(width)} GB/s", start, start * width, theme)
    return covered


def _arithmetic_roofs(
    canvas: Canvas, axes: Axes, ceilings: Roofs, left: float, right: float, theme: Theme
) -> list[Box]:
    """Returns what their labels cover."""
    fastest = max(ceilings.bandwidth(level) for level in ceilings.memory)
    for peak in ceilings.arithmetic.values():
        axes.plot([peak / fastest, right], [peak, peak], color=theme.quiet, linewidth=1.2, zorder=2)
    covered = []
    for peak, names in _together(ceilings.arithmetic):
        text = f"{', '.join(names)} {rate(peak)} GFLOP/s"
        x, y = inches(axes, ceilings.peak / _slowest(ceilings), peak)
        width = canvas.width(text, SMALL - 1) + 0.1
        covered.append(Box(x + width / 2, y + 0.09, width, 0.18))
        axes.annotate(
            text,
            (ceilings.peak / _slowest(ceilings), peak),
            xytext=(3, 2),
            textcoords="offset points",
            fontsize=SMALL - 1,
            color=theme.text,
            zorder=3,
        )
    return covered


def _together(values: Mapping[str, float]) -> Sequence[tuple[float, list[str]]]:
    """Roofs that lie close share a label, at the highest of them."""
    found: list[tuple[float, list[str]]] = []
    for name, value in sorted(values.items(), key=lambda item: -item[1]):
        if found and found[-1][0] < _APART * value:
            found[-1][1].append(name)
        else:
            found.append((value, [name]))
    return found


def _label(canvas: Canvas, axes: Axes, text: str, x: float, y: float, theme: Theme) -> list[Box]:
    """Along a slope of one decade a decade, as it looks in these axes. Returns what it covers."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    width, height = size(axes)
    angle = math.degrees(math.atan2(height / math.log10(high / low), width / math.log10(right / left)))
    length = canvas.width(text, SMALL - 1) + 0.1
    axes.text(x, y, text, rotation=angle, rotation_mode="anchor", va="bottom", fontsize=SMALL - 1, color=theme.text)
    u, v = inches(axes, x, y)
    along = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return [
        Box(u + along[0] * step - along[1] * 0.09, v + along[1] * step + along[0] * 0.09, 0.2, 0.2)
        for step in itertools.takewhile(lambda step: step < length, itertools.count(0, 0.1))
    ]
