"""What more threads bring, beside what they ideally would."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.report import curves
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.palette import Theme, colour, short
from trilbench.report.figures.shared import implementations, isas, mark, name_cells, name_columns
from trilbench.report.scaling import Scaling, scalings
from trilbench.report.table import Table

_MOST_SHAPES = 9
_ACROSS = 3  # panels in a row
_EACH = 2.1  # inches that a row of panels takes


def threads(tables: Sequence[Table], footer: str) -> Drawing | Nothing:
    """All tables of one operation."""
    found = scalings(tables)
    if not found:
        return Nothing("nothing was measured with one thread and with more; scripts/bench -- --threads=1,2 does")
    shapes = list(curves.by_shape(scaling.one for scaling in found))
    left_out = len(shapes) - _MOST_SHAPES
    heading = f"{short(tables[0].operation)}: threads"
    return Drawing(
        title=heading,
        caption="Median time with one thread over the median time with so many; a panel per shape, of each "
        "implementation the instruction set that is the fastest with one thread. Bars reach from p10 to p90 of the "
        "repetitions; the dashed line is the ideal, n times as fast with n threads."
        + (f" The first {_MOST_SHAPES} of {len(shapes)} shapes; the CSV has all." if left_out > 0 else ""),
        alt=f"Speed-up of the implementations of {tables[0].operation} against the number of threads, a panel per "
        "shape.",
        columns=[*name_columns(tables[0]), "speedup", "speedup_p10", "speedup_p90", "efficiency"],
        lines=[
            {
                **name_cells(tables[0], scaling.one),
                "omp_threads": number,
                "speedup": summary.median,
                "speedup_p10": summary.p10,
                "speedup_p90": summary.p90,
                "efficiency": scaling.efficiency(number),
            }
            for scaling in found
            for number, summary in scaling.speedups.items()
        ],
        draw=partial(_draw, heading, found, shapes[:_MOST_SHAPES], footer),
    )


def _draw(heading: str, found: Sequence[Scaling], shapes: Sequence[str], footer: str, theme: Theme) -> Figure:
    best = set(curves.best_sets(scaling.one for scaling in found))
    shown = [scaling for scaling in found if scaling.one in best]
    points = [scaling.one for scaling in shown]
    rows = -(-len(shapes) // _ACROSS)
    across = min(_ACROSS, len(shapes))
    canvas = Canvas(theme, heading, footer, height=1.4 + _EACH * rows)
    canvas.key(implementations(points), isas(points))
    numbers = sorted({number for scaling in shown for number in scaling.speedups})
    highest = max(summary.p90 for scaling in shown for summary in scaling.speedups.values())
    width = (WIDTH - 0.75) / across
    for i, shape in enumerate(shapes):
        row, column = divmod(i, across)
        left = 0.65 + column * width
        axes = canvas.axes(left, left + width - 0.45, bottom=0.5 + (rows - 1 - row) * _EACH, top=0.3 + row * _EACH)
        _panel(axes, [scaling for scaling in shown if scaling.one.shape == shape], numbers, highest, theme)
        axes.set_title(shape, fontsize=SMALL, color=theme.text, loc="left", pad=3)
        if row == rows - 1 or i + across >= len(shapes):
            axes.set_xlabel("threads")
        if column == 0:
            axes.set_ylabel("times as fast", fontsize=SMALL)
    return canvas.figure


def _panel(axes: Axes, found: Sequence[Scaling], numbers: Sequence[int], highest: float, theme: Theme) -> None:
    most = numbers[-1]
    axes.plot([1, most], [1, most], color=theme.quiet, linewidth=1.2, linestyle=(0, (5, 3)), zorder=1)
    for i, scaling in enumerate(found):
        ink = colour(scaling.one.implementation, theme)
        beside = (i - (len(found) - 1) / 2) * 0.02 * most  # so that dots at the same place are seen
        places = {number: number + (beside if number > 1 else 0) for number in scaling.speedups}
        medians = [summary.median for summary in scaling.speedups.values()]
        axes.plot([*places.values()], medians, color=ink, linewidth=1.4, zorder=3)
        for number, summary in scaling.speedups.items():
            x = places[number]
            axes.plot([x, x], [summary.p10, summary.p90], color=ink, linewidth=1.6, zorder=3)
            mark(axes, x, summary.median, scaling.one, theme, size=5.5)
    axes.set_xlim(0.8, most * 1.08)
    axes.set_ylim(0, max(most, highest) * 1.08)
    axes.set_xticks(numbers if len(numbers) < 9 else numbers[:: len(numbers) // 6])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}x"))
