"""Every repetition of every row, so that two modes are seen where a median shows one number."""

from collections.abc import Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.palette import Theme, colour
from trilbench.report.figures.shared import implementations, isas, mark, name_cells, name_columns, title
from trilbench.report.modes import has_two_modes
from trilbench.report.table import Table
from trilbench.results.rows import RowResult
from trilbench.results.statistics import quantile, times

_FEWEST = 5  # repetitions that are worth a look
_MOST_SHAPES = 6
_FARTHEST = 0.3  # of the median; what lies beyond is drawn at the edge
_EACH = 2.2  # inches that a row of panels takes
_ACROSS = 2  # panels in a row

Samples = Mapping[Point, Sequence[float]]  # seconds, in the order in which they were measured


def samples(table: Table, rows: Sequence[RowResult], footer: str) -> Drawing | Nothing:
    """`rows` are those of the table, among others."""
    seconds = {(row.name.variant, row.name.shape): times(row) for row in rows if _belongs(row, table)}
    found = {point: seconds[point.variant, point.shape] for point in curves.points(table)}
    if not any(len(values) >= _FEWEST for values in found.values()):
        return Nothing(f"no row has {_FEWEST} repetitions; scripts/bench --full makes 9")
    shapes = list(curves.by_shape(found))
    left_out = len(shapes) - _MOST_SHAPES
    two = [point for point, values in found.items() if has_two_modes(values)]
    heading = title(table, "samples")
    return Drawing(
        title=heading,
        caption="Every repetition's time over the median of its row; a panel per shape, in it a lane per variant and "
        "instruction set. Two clusters in a lane are two modes, which a median hides; their lanes are shaded. What is "
        f"farther than {_FARTHEST:.0%} from the median lies at the edge. {len(two)} of {len(found)} rows have two modes"
        + (f" ({', '.join(f'{point.variant} at {point.shape}' for point in two[:5])})." if two else ".")
        + (f" The first {_MOST_SHAPES} of {len(shapes)} shapes; the CSV has all." if left_out > 0 else ""),
        alt=f"Strips of dots: the repetitions of each variant of {table.operation} over their median.",
        columns=[*name_columns(table), "repetition", "seconds", "over_median", "two_modes"],
        lines=[
            {
                **name_cells(table, point),
                "repetition": i,
                "seconds": value,
                "over_median": value / quantile(values, 0.5),
                "two_modes": int(point in two),
            }
            for point, values in found.items()
            for i, value in enumerate(values)
        ],
        draw=partial(_draw, heading, found, frozenset(two), shapes[:_MOST_SHAPES], footer),
    )


def _belongs(row: RowResult, table: Table) -> bool:
    return (row.name.operation, row.name.threads) == (table.operation, table.threads)


def _draw(
    heading: str, found: Samples, two: frozenset[Point], shapes: Sequence[str], footer: str, theme: Theme
) -> Figure:
    groups = curves.by_shape(found)
    variants = list(dict.fromkeys(point.variant for shape in shapes for point in groups[shape]))
    rows = -(-len(shapes) // _ACROSS)
    each = max(_EACH, 0.09 * len(variants) + 0.8)
    canvas = Canvas(theme, heading, footer, height=1.5 + each * rows)
    canvas.key(implementations(found), isas(found))
    width = (WIDTH - 0.3) / _ACROSS
    for i, shape in enumerate(shapes):
        row, column = divmod(i, _ACROSS)
        left = 0.2 + column * width
        axes = canvas.axes(left, left + width - 0.2, bottom=0.45 + (rows - 1 - row) * each, top=0.3 + row * each)
        axes.set_title(shape, fontsize=SMALL, color=theme.text, loc="left", pad=3)
        _panel(axes, {point: found[point] for point in groups[shape]}, two, variants, theme)
    return canvas.figure


def _panel(axes: Axes, found: Samples, two: frozenset[Point], variants: Sequence[str], theme: Theme) -> None:
    farthest = 0.0
    for point, values in found.items():
        lane = variants.index(point.variant)
        if point in two:
            axes.axhspan(lane - 0.5, lane + 0.5, color=theme.shade, linewidth=0, zorder=0)
        middle = quantile(values, 0.5)
        for value in values:
            off = max(-_FARTHEST, min(_FARTHEST, value / middle - 1))
            farthest = max(farthest, abs(off))
            mark(axes, off, lane, point, theme, size=4, mew=0.7)
        axes.plot([0], [lane], color=colour(point.implementation, theme), marker="|", markersize=5, zorder=2)
    reach = max(0.02, farthest) * 1.1
    axes.axvline(0, color=theme.quiet, linewidth=1, zorder=1)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(variants) - 0.3, -0.7)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:+.3g}%" if value else "median"))
