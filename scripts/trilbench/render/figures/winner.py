"""A map over T and C of who wins."""

import math
from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.compute import curves
from trilbench.compute.curves import Crown
from trilbench.compute.table import Table
from trilbench.render.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.render.figures.drawing import Drawing, Nothing
from trilbench.render.figures.palette import Theme, colour
from trilbench.render.figures.shared import implementations, name_cells, name_columns, title
from trilbench.render.units import count, factor

_FEW = 8  # shapes whose marks have room for two lines
_TALL, _FLAT = (0.8, 0.44), (0.98, 0.25)  # inches of a mark with its margins


def winner(table: Table, footer: str) -> Drawing | Nothing:
    """One mark per shape."""
    if not {"T", "C"} <= set(table.axis_names):
        return Nothing(f"{table.operation} has no axes T and C")
    crowns = curves.crowns(curves.points(table))
    if not crowns:
        return Nothing("no row has a time")
    heading = title(table, "which way wins")
    return Drawing(
        title=heading,
        caption="The fastest way at each shape that was measured, by median time and with its best instruction set. In "
        "the mark: B, and the time of the next way over the winner's. ≈ says that the middle 80 % of both ways' "
        "repetitions overlap, so the order may be chance. Marks that would cover each other are moved, with a line to "
        "where they belong. Nothing is said of shapes between the marks.",
        alt=f"Map over T and C: the fastest way of {table.operation} at {count(len(crowns), 'shape')}: "
        + "; ".join(f"{crown.winner.implementation} at {crown.winner.shape}" for crown in crowns)
        + ".",
        columns=[*name_columns(table), "time_ns", "second", "second_isa", "second_time_ns", "margin", "level"],
        lines=[_line(table, crown) for crown in crowns],
        draw=partial(_draw, heading, crowns, footer),
    )


def _line(table: Table, crown: Crown) -> dict[str, str | float | int]:
    line = {**name_cells(table, crown.winner), "time_ns": crown.winner.entry.seconds * 1e9}
    if crown.second:
        line |= {
            "second": crown.second.implementation,
            "second_isa": crown.second.isa,
            "second_time_ns": crown.second.entry.seconds * 1e9,
            "margin": crown.second.entry.seconds / crown.winner.entry.seconds,
            "level": int(crown.level),
        }
    return line


def _draw(heading: str, crowns: Sequence[Crown], footer: str, theme: Theme) -> Figure:
    few = len(crowns) < _FEW
    canvas = Canvas(theme, heading, footer, height=5.0 if few else 6.6)
    canvas.key(implementations([crown.winner for crown in crowns]))
    axes = canvas.axes(0.85, WIDTH - 0.2)
    for axis, name, pad in ((axes.xaxis, "T", 2.2), (axes.yaxis, "C", 2.6)):
        sizes = sorted({crown.winner.sizes[name] for crown in crowns})
        set_scale, set_limits = (axes.set_xscale, axes.set_xlim) if name == "T" else (axes.set_yscale, axes.set_ylim)
        set_scale("log", base=2)
        set_limits(sizes[0] / pad, sizes[-1] * pad)
        axis.set_ticks(_spaced(sizes, 0.09 if name == "T" else 0.05, pad))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        axis.set_minor_locator(NullLocator())
        axis.set_label_text(f"{name} (log)")
    for crown, (x, y) in zip(crowns, _places(axes, crowns, _TALL if few else _FLAT), strict=True):
        ink = colour(crown.winner.implementation, theme)
        sizes = crown.winner.sizes
        lines = [f"B = {sizes['B']}"] if "B" in sizes else []
        if crown.margin:
            lines.append(("≈ " if crown.level else "") + factor(crown.margin))
        moved = axes.transData.inverted().transform((x, y))
        axes.plot([sizes["T"], moved[0]], [sizes["C"], moved[1]], color=ink, linewidth=1.2, zorder=2)
        axes.plot([sizes["T"]], [sizes["C"]], marker="o", markersize=5, color=ink, zorder=3)
        axes.annotate(
            ("\n" if few else ": ").join(lines),
            (sizes["T"], sizes["C"]),
            xytext=(x, y),
            textcoords="figure pixels",
            ha="center",
            va="center",
            fontsize=SMALL - (0.5 if few else 2),
            color=theme.page,
            bbox={"boxstyle": "round,pad=0.25", "facecolor": ink, "edgecolor": theme.page},
            zorder=4,
        )
    return canvas.figure


def _spaced(sizes: Sequence[int], least: float, pad: float) -> list[int]:
    """Ticks from the largest down, none nearer to another than `least` of the axis."""
    ticks = [sizes[-1]]
    for size in reversed(sizes):
        if math.log(ticks[-1] / size) > least * math.log(sizes[-1] * pad**2 / sizes[0]):
            ticks.append(size)
    return ticks


def _places(axes: Axes, crowns: Sequence[Crown], size: tuple[float, float]) -> list[tuple[float, float]]:
    """Where each mark's middle goes, in pixels of the figure: at its point, else in the nearest
    place where it covers neither another mark nor another point."""
    dpi = axes.figure.dpi
    wide, high = size[0] * dpi, size[1] * dpi
    box = axes.get_window_extent()
    sizes = [crown.winner.sizes for crown in crowns]
    points = [tuple(axes.transData.transform((of["T"], of["C"]))) for of in sizes]
    taken: list[tuple[float, float]] = []
    for x, y in points:
        others = [point for point in points if point != (x, y)]
        steps = sorted(
            ((i * wide / 4, j * high / 4) for i in range(-24, 25) for j in range(-24, 25)),
            key=lambda step: (math.hypot(*step), step),
        )
        taken.append(
            next(
                (
                    (x + dx, y + dy)
                    for dx, dy in steps
                    if box.x0 + wide / 2 <= x + dx <= box.x1 - wide / 2
                    and box.y0 + high / 2 <= y + dy <= box.y1 - high / 2
                    and all(abs(x + dx - a) >= wide or abs(y + dy - b) >= high for a, b in taken)
                    and all(abs(x + dx - a) >= 0.6 * wide or abs(y + dy - b) >= 0.6 * high for a, b in others)
                ),
                (x, y),
            )
        )
    return taken
