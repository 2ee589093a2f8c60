"""A map over T and C of who wins."""

import math
from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.report import curves
from trilbench.report.curves import Crown
from trilbench.report.figures import places
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.palette import Theme, colour
from trilbench.report.figures.shared import implementations, name_cells, name_columns, title
from trilbench.report.table import Table
from trilbench.results.units import count, factor

_FEW = 8  # shapes whose marks have room for two lines
_PAD = 0.25  # between a mark's letters and its edge, in letters' heights


def winner(table: Table, footer: str) -> Drawing | Nothing:
    """One mark per shape."""
    if not {"T", "C"} <= set(table.axis_names):
        return Nothing(f"{table.operation} has no axes T and C")
    crowns = curves.crowns(curves.points(table))
    if not crowns:
        return Nothing("no row has a time")
    heading = title(table, "which implementation wins")
    return Drawing(
        title=heading,
        caption="The best implementation at each shape that was measured, by its share of the limit and with its best "
        "instruction set. In the mark: B, and the time of the next implementation over the winner's. ≈ says that the "
        "middle 80 % of the repetitions of both overlap, so the order may be chance. Marks that would cover each other "
        "are moved, with a line to where they belong; a dot without a mark found no room for it. Nothing is said of "
        "shapes between the marks.",
        alt=f"Map over T and C: the fastest implementation of {table.operation} at {count(len(crowns), 'shape')}: "
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
    _marks(canvas, axes, crowns, few, theme)
    return canvas.figure


def _marks(canvas: Canvas, axes: Axes, crowns: Sequence[Crown], few: bool, theme: Theme) -> None:
    """Each at its point, else in the nearest place where it covers neither another mark nor another point."""
    font = SMALL - (0.5 if few else 2)
    texts = [
        axes.text(
            *(0, 0, ("\n" if few else ": ").join(_words(crown))),
            transform=axes.transAxes,
            ha="center",
            va="center",
            fontsize=font,
            color=theme.page,
            bbox={
                "boxstyle": f"round,pad={_PAD}",
                "facecolor": colour(crown.winner.implementation, theme),
                "edgecolor": theme.page,
            },
            zorder=4,
        )
        for crown in crowns
    ]
    margin = 2 * _PAD * font / 72 + 0.03
    labels = [(width + margin, height + margin) for width, height in map(canvas.inches, texts)]
    points = [places.inches(axes, crown.winner.sizes["T"], crown.winner.sizes["C"]) for crown in crowns]
    dots = [places.Box(x, y, 0.1, 0.1) for x, y in points]
    room = places.size(axes)
    for crown, text, (x, y), box in zip(
        crowns, texts, points, places.free(points, labels, room, dots, on_point=True), strict=True
    ):
        ink = colour(crown.winner.implementation, theme)
        sizes = crown.winner.sizes
        axes.plot([sizes["T"]], [sizes["C"]], marker="o", markersize=5, color=ink, zorder=3)
        if box is None:
            text.remove()
            continue
        text.set_position((box.x / room[0], box.y / room[1]))
        ends = [x / room[0], box.x / room[0]], [y / room[1], box.y / room[1]]
        axes.plot(*ends, transform=axes.transAxes, color=ink, linewidth=1.2, zorder=2)


def _words(crown: Crown) -> list[str]:
    sizes = crown.winner.sizes
    lines = [f"B = {sizes['B']}"] if "B" in sizes else []
    if crown.margin:
        lines.append(("≈ " if crown.level else "") + factor(crown.margin))
    return lines


def _spaced(sizes: Sequence[int], least: float, pad: float) -> list[int]:
    """Ticks from the largest down, none nearer to another than `least` of the axis."""
    ticks = [sizes[-1]]
    for size in reversed(sizes):
        if math.log(ticks[-1] / size) > least * math.log(sizes[-1] * pad**2 / sizes[0]):
            ticks.append(size)
    return ticks
