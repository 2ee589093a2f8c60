"""What bounds each way: arithmetic, or the memory that holds its data."""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.compute import curves
from trilbench.compute.curves import Point
from trilbench.compute.roofline import Placed, Roofs, placed, roofs
from trilbench.compute.table import Table
from trilbench.render.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.render.figures.drawing import Drawing, Nothing
from trilbench.render.figures.palette import Theme
from trilbench.render.figures.shared import implementations, isas, mark, name_cells, name_columns, title
from trilbench.render.units import rate

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
        "not counted ones), both logarithmic; a dot for each way, instruction set and shape. Lines: what the machine "
        "gave copies and FMA loops in the same run; sloping: the best copy whose arrays lie in that level; level: the "
        "FMA peak of each instruction set. Arrays in a cache are bound by its line, not by that of the memory. "
        f"Copies, GB/s: {_copies(ceilings)}.",
        alt=f"Roofline of the ways of {table.operation}: GFLOP/s against flops a byte, below measured ceilings.",
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
    axes.set_ylim(low, ceilings.peak * 2)
    _memory_roofs(axes, ceilings, left, theme)
    _arithmetic_roofs(axes, ceilings, left, right, theme)
    for point, place in places.items():
        mark(axes, place.intensity, place.gflops, point, theme, size=6)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("flops a byte that must be moved (log)")
    axes.set_ylabel("useful GFLOP/s (log)")
    return canvas.figure


def _slowest(ceilings: Roofs) -> float:
    return min(ceilings.bandwidth(level) for level in ceilings.memory)


def _memory_roofs(axes: Axes, ceilings: Roofs, left: float, theme: Theme) -> None:
    bandwidths = {level: ceilings.bandwidth(level) for level in ceilings.memory}
    for width in bandwidths.values():
        ridge = ceilings.peak / width
        axes.plot([left, ridge], [left * width, ceilings.peak], color=theme.quiet, linewidth=1.2, zorder=2)
    lowest = axes.get_ylim()[0]
    for width, names in _together(bandwidths):
        start = max(left * 1.15, lowest * 1.3 / width)
        _label(axes, f"{', '.join(names)} {rate(width)} GB/s", start, start * width, theme)


def _arithmetic_roofs(axes: Axes, ceilings: Roofs, left: float, right: float, theme: Theme) -> None:
    fastest = max(ceilings.bandwidth(level) for level in ceilings.memory)
    for peak in ceilings.arithmetic.values():
        axes.plot([peak / fastest, right], [peak, peak], color=theme.quiet, linewidth=1.2, zorder=2)
    for peak, names in _together(ceilings.arithmetic):
        axes.annotate(
            f"{', '.join(names)} {rate(peak)} GFLOP/s",
            (ceilings.peak / _slowest(ceilings), peak),
            xytext=(3, 2),
            textcoords="offset points",
            fontsize=SMALL - 1,
            color=theme.text,
            zorder=3,
        )


def _together(values: Mapping[str, float]) -> Sequence[tuple[float, list[str]]]:
    """Roofs that lie close share a label, at the highest of them."""
    found: list[tuple[float, list[str]]] = []
    for name, value in sorted(values.items(), key=lambda item: -item[1]):
        if found and found[-1][0] < _APART * value:
            found[-1][1].append(name)
        else:
            found.append((value, [name]))
    return found


def _label(axes: Axes, text: str, x: float, y: float, theme: Theme) -> None:
    """Along a slope of one decade a decade, as it looks in these axes."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    box = axes.get_position()
    width, height = (side * inches for side, inches in zip(box.size, axes.figure.get_size_inches(), strict=True))
    angle = math.degrees(math.atan2(height / math.log10(high / low), width / math.log10(right / left)))
    axes.text(x, y, text, rotation=angle, rotation_mode="anchor", va="bottom", fontsize=SMALL - 1, color=theme.text)
