"""What the machine gives programs that only move memory, or only multiply and add."""

from collections.abc import Mapping
from functools import partial
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.palette import Theme, colour
from trilbench.report.figures.shared import implementations, isas, mark, name_cells, name_columns
from trilbench.report.table import Table
from trilbench.results.units import binary_bytes, count, rate


def bandwidth(table: Table, caches: Mapping[str, int], footer: str) -> Drawing | Nothing:
    """Copies against size, and arithmetic. `table` is of the operation `machine`."""
    found = curves.points(table)
    sums = {point: point.entry.flops_per_second / 1e9 for point in found if point.entry.flops_per_second}
    copies = {
        point: point.entry.bytes_per_second / 1e9
        for point in found
        if point not in sums and point.entry.bytes_per_second
    }
    if not copies and not sums:
        return Nothing("no row of the machine's limits has a rate")
    heading = f"The machine's limits, {count(table.threads, 'thread')}"
    return Drawing(
        title=heading,
        caption="Left: bytes read and written in a second by a copy, against the bytes of both arrays; dashed: what "
        "the caches hold; only neighbouring sizes that were measured are connected. Right: multiplications and "
        "additions in a second in registers, for each instruction set. Decimal GB and GFLOP; higher is faster.",
        alt="Bandwidth of copies against their size, and the FMA peak of each instruction set.",
        columns=[*name_columns(table), "working_set_bytes", "bandwidth_gb_per_s", "arithmetic_gflop_per_s"],
        lines=[
            {
                **name_cells(table, point),
                "working_set_bytes": curves.copied(point),
                **({"bandwidth_gb_per_s": copies[point]} if point in copies else {}),
                **({"arithmetic_gflop_per_s": sums[point]} if point in sums else {}),
            }
            for point in (*copies, *sums)
        ],
        draw=partial(_draw, heading, copies, sums, caches, footer),
    )


def _draw(
    heading: str,
    copies: Mapping[Point, float],
    sums: Mapping[Point, float],
    caches: Mapping[str, int],
    footer: str,
    theme: Theme,
) -> Figure:
    canvas = Canvas(theme, heading, footer, height=5.2)
    canvas.key(implementations([*copies]), isas([*copies]))
    split = (0.85, 5.6, 6.45) if copies and sums else (0.85, WIDTH - 0.2, 0.85)
    if copies:
        _copies(canvas.axes(split[0], split[1]), copies, caches, theme)
    if sums:
        _sums(canvas.axes(split[2], WIDTH - 0.15), sums, theme)
    return canvas.figure


def _copies(axes: Axes, copies: Mapping[Point, float], caches: Mapping[str, int], theme: Theme) -> None:
    axes.set_xscale("log", base=2)
    axes.set_ylim(0, max(copies.values()) * 1.12)
    sizes = sorted({curves.copied(point) for point in copies})
    axes.set_xlim(sizes[0] / 2, sizes[-1] * 2)
    for variant in dict.fromkeys(point.variant for point in copies):
        line = sorted((point for point in copies if point.variant == variant), key=curves.copied)
        ink = colour(line[0].implementation, theme)
        for here, there in pairwise(line):
            ends = [curves.copied(here), curves.copied(there)]
            if sizes.index(ends[1]) == sizes.index(ends[0]) + 1:
                axes.plot(ends, [copies[here], copies[there]], color=ink, linewidth=1.6, zorder=3)
        for point in line:
            mark(axes, curves.copied(point), copies[point], point, theme)
    for level, size in caches.items():
        if sizes[0] / 2 < size < sizes[-1] * 2:
            axes.axvline(size, color=theme.quiet, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
            axes.annotate(
                level,
                (size, 1),
                xycoords=("data", "axes fraction"),
                xytext=(3, -2),
                textcoords="offset points",
                va="top",
                fontsize=SMALL,
                color=theme.quiet,
            )
    axes.set_xticks(sizes if len(sizes) < 6 else sizes[::3])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: binary_bytes(value)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("x and y together (log)")
    axes.set_ylabel("GB/s, read and written")


def _sums(axes: Axes, sums: Mapping[Point, float], theme: Theme) -> None:
    best: dict[str, Point] = {}
    for point in sums:
        if point.isa not in best or sums[point] > sums[best[point.isa]]:
            best[point.isa] = point
    names = isas(best.values())
    for x, isa in enumerate(names):
        value = sums[best[isa]]
        axes.bar([x], [value], color=colour(best[isa].implementation, theme), width=0.62, zorder=3)
        axes.annotate(
            rate(value),
            (x, value),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
            color=theme.text,
        )
    axes.set_xticks(range(len(names)), names, fontsize=SMALL - 1)
    axes.set_ylim(0, max(sums.values()) * 1.12)
    axes.grid(False, axis="x")
    axes.set_xlabel("FMA")
    axes.set_ylabel("GFLOP/s")
