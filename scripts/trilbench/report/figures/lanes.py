"""Dots in lanes: a row per shape, in it a lane per implementation, in that a dot per instruction set. Of shares and
speed-ups."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.report.figures.palette import Theme, colour
from trilbench.report.figures.places import size
from trilbench.report.figures.shared import implementations, isas, mark, whisker
from trilbench.results.statistics import Summary

_ROOM, _MOST_ROOM = 1.2, 2.4  # inches left of the panels, for the shapes' names
_LETTER = 0.088  # inches
_GAP = 0.4  # between panels
_VALUE = 0.16  # the height of a value beside a dot


@dataclass(frozen=True)
class Column:
    """One panel."""

    label: str  # of its axis
    values: Mapping[Point, Summary]
    shown: Callable[[float], str]  # a value beside the best dot of a row
    log: bool = False
    one: str = ""  # what the line at 1 means
    nothing: str = ""  # what a row without dots says


def lanes(title: str, footer: str, columns: Sequence[Column], theme: Theme) -> Figure:
    """The figure; as tall as its shapes need."""
    found = list(dict.fromkeys(point for column in columns for point in column.values))
    shapes = list(curves.by_shape(found))
    names = implementations(found)
    each = max(0.34, min(0.78, 3.6 / len(shapes)))  # inches of a row
    canvas = Canvas(theme, title, footer, height=2.2 + each * len(shapes))
    canvas.key(names, isas(found))
    room = max(_ROOM, min(_MOST_ROOM, _LETTER * max(map(len, shapes)) + 0.15))
    width = (WIDTH - room - 0.2 - _GAP * (len(columns) - 1)) / len(columns)
    first: Axes | None = None
    for i, column in enumerate(columns):
        left = room + i * (width + _GAP)
        axes = canvas.axes(
            left, left + width, bottom=0.5 + 0.2 * max(c.label.count("\n") for c in columns), top=0.24, share_y=first
        )
        _scales(axes, column, theme)
        _dots(axes, column, shapes, names, theme)
        axes.set_xlabel(column.label)
        if first is None:
            axes.set_yticks(range(len(shapes)), [shape if len(shape) < 28 else f"{shape[:26]}…" for shape in shapes])
            axes.set_ylim(len(shapes) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0)
            first = axes
        else:
            axes.tick_params(axis="y", labelleft=False, length=0)
        axes.grid(False, axis="y")
        for edge in range(1, len(shapes)):
            axes.axhline(edge - 0.5, color=theme.line, linewidth=0.8, zorder=1)
    return canvas.figure


def _scales(axes: Axes, column: Column, theme: Theme) -> None:
    every = [value for summary in column.values.values() for value in (summary.p10, summary.p90)]
    if column.log:
        axes.set_xscale("log")
        low, high = min(*every, 1) / 1.5, max(*every, 1) * 1.5
        axes.set_xlim(low, high * (high / low) ** 0.18)  # room for the value beside the best dot
        decades = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        axes.set_xticks([10.0**decade for decade in decades if decade % (1 + len(decades) // 6) == 0])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}x"))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.set_xlim(-0.02, max(1.18, *(value + 0.18 for value in every)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.axvline(1, color=theme.text, linewidth=1.2, zorder=2)
    axes.annotate(
        column.one,
        (1, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL - 1.5,
        color=theme.quiet,
    )


def _dots(axes: Axes, column: Column, shapes: Sequence[str], names: Sequence[str], theme: Theme) -> None:
    drawn: dict[str, list[tuple[Summary, float]]] = {}  # of each shape: values, heights
    for point, summary in column.values.items():
        lane = (names.index(point.implementation) + 0.5) / len(names)
        y = shapes.index(point.shape) - 0.42 + 0.84 * lane
        whisker(axes, summary, y, colour(point.implementation, theme))
        mark(axes, summary.median, y, point, theme, size=5.5, mew=0.9)
        drawn.setdefault(point.shape, []).append((summary, y))
    half = _VALUE / 2 / (size(axes)[1] / len(shapes))  # a value's height, in rows
    for shape, dots in drawn.items():
        best, y = max(dots, key=lambda dot: dot[0].median)
        row = shapes.index(shape)
        y = min(max(y, row - 0.5 + half), row + 0.5 - half)
        reach = max(summary.p90 for summary, lane in dots if abs(lane - y) < half + 0.1)
        axes.annotate(
            column.shown(best.median),
            (max(reach, best.median), y),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL - 1,
            color=theme.text,
            bbox={"facecolor": theme.page, "edgecolor": "none", "pad": 0.6},
            zorder=2.5,
        )
    for row, shape in enumerate(shapes):
        if shape not in drawn and column.nothing:
            axes.text(
                0.5,
                row,
                column.nothing,
                transform=axes.get_yaxis_transform(),
                ha="center",
                va="center",
                fontsize=SMALL - 1,
                color=theme.quiet,
                bbox={"facecolor": theme.page, "edgecolor": "none", "pad": 0.6},
            )
