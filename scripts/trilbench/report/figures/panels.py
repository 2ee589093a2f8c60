"""Figures with a panel for each shape: what more threads bring, and every repetition."""

from collections.abc import Mapping, Sequence
from typing import Any

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures import chart
from trilbench.report.figures.chart import (
    SHOWN,
    WIDTH,
    Drawing,
    Nothing,
    Spec,
    keyed,
    letters,
    mark,
    name_cells,
    name_columns,
    only,
)
from trilbench.report.figures.palette import short
from trilbench.report.modes import has_two_modes
from trilbench.report.scaling import scalings
from trilbench.report.table import Table
from trilbench.results.rows import RowResult
from trilbench.results.statistics import quantile, times
from trilbench.results.units import count, duration, factor, percent

_MOST_SHAPES = 9
_FEWEST = 5  # repetitions that are worth a look
_FARTHEST = 0.3  # of the median; what lies beyond is drawn at the edge
_LANE = 15  # pixels


def threads(tables: Sequence[Table], caches: Mapping[str, int]) -> Drawing | Nothing:
    """All tables of one operation."""
    found = scalings(tables)
    if not found:
        return Nothing("nothing was measured with one thread and with more; scripts/bench -- --threads=1,2 does")
    table = tables[0]
    best = set(curves.best_sets(scaling.one for scaling in found))
    drawn = [scaling for scaling in found if scaling.one in best]
    shapes = list(curves.by_shape(scaling.one for scaling in found))
    names = chart.implementations(scaling.one for scaling in drawn)
    points = [
        chart.told(scaling.one, caches)
        | {"x": number, "y": summary.median, "low": summary.p10, "high": summary.p90}
        | {"speedup": f"{chart.spread(summary, factor)} on {count(number, 'thread')}"}
        for scaling in drawn
        if scaling.one.shape in shapes[:_MOST_SHAPES]
        for number, summary in scaling.speedups.items()
    ]
    numbers = sorted({point["x"] for point in points})
    most = max(numbers[-1], *(point["high"] for point in points)) * 1.05
    across = {"grid": False, "values": numbers if len(numbers) < 9 else numbers[:: len(numbers) // 6], "format": "d"}
    x = chart.axis("x", "threads", (0.8, numbers[-1] + 0.2), **across)
    y = chart.axis("y", "times as fast", (0, most), tickCount=4)
    ink = {"x": x, "y": y, "color": chart.colour(names)}
    ideal = {"data": {"values": [{"x": 1, "y": 1}, {"x": numbers[-1], "y": numbers[-1]}]}}
    layers = [
        ideal | mark("line", {"x": x, "y": y}, style="guide"),
        mark("line", ink, strokeWidth=1.5),
        mark("rule", ink | {"y": y | {"field": "low"}, "y2": {"field": "high"}}, strokeWidth=1.5),
        _dots(ink, [scaling.one for scaling in drawn], chart.tooltip(points, speedup="times as fast")),
    ]
    return Drawing(
        title=f"{short(table.operation)}: threads",
        caption="Time with one thread over the time with so many, of each implementation the instruction set that is "
        "fastest with one; dashed: n times as fast with n. Bars: p10 to p90." + _left_out(shapes),
        alt=f"Speed-up of the implementations of {table.operation} against the number of threads, a panel per shape.",
        columns=[*name_columns(table), "speedup", "speedup_p10", "speedup_p90", "efficiency"],
        lines=[
            {
                **name_cells(table, scaling.one),
                "omp_threads": number,
                "speedup": summary.median,
                "speedup_p10": summary.p10,
                "speedup_p90": summary.p90,
                "efficiency": scaling.efficiency(number),
            }
            for scaling in found
            for number, summary in scaling.speedups.items()
        ],
        points=points,
        views=[_panels(shapes, 3, 150, 80, layers)],
        beside=80,
        inks=chart.inks(names),
    )


def samples(table: Table, rows: Sequence[RowResult], caches: Mapping[str, int]) -> Drawing | Nothing:
    """`rows` are those of the table, among others: a median hides two modes."""
    own = [row for row in rows if (row.name.operation, row.name.threads) == (table.operation, table.threads)]
    seconds = {(row.name.variant, row.name.shape): times(row) for row in own}
    found = {point: seconds[point.variant, point.shape] for point in curves.points(table)}
    if not any(len(values) >= _FEWEST for values in found.values()):
        return Nothing(f"no row has {_FEWEST} repetitions; scripts/bench --full makes 9")
    shapes = list(curves.by_shape(found))
    two = [point for point, values in found.items() if has_two_modes(values)]
    shown = {point: values for point, values in found.items() if point.shape in shapes[:_MOST_SHAPES]}
    names = chart.implementations(shown)
    variants = list(
        dict.fromkeys(point.variant for point in sorted(shown, key=lambda p: names.index(p.implementation)))
    )
    repetitions = [
        (point, i, value, value / quantile(values, 0.5))
        for point, values in found.items()
        for i, value in enumerate(values)
    ]
    points = [
        chart.told(point, caches)
        | {
            "lane": point.variant,
            "off": max(-_FARTHEST, min(_FARTHEST, over - 1)),
            "two": True if point in two else None,
        }
        | {"own": f"{duration(value)}, {percent(over)} of the median"}
        for point, _, value, over in repetitions
        if point in shown
    ]
    reach = max(0.02, *(abs(point["off"]) for point in points)) * 1.1
    beside = max(letters(variant) for variant in variants) + 40
    x = chart.axis(
        "off",
        "off the median",
        (-reach, reach),
        format="+.0%",
        tickCount=5,
        labelExpr="datum.value ? datum.label : 'median'",
    )
    y = {"field": "lane", "type": "nominal", "scale": {"domain": variants}, "title": None, "axis": {"labelLimit": 250}}
    place = {"x": x, "y": y}
    layers = [
        *only("two", mark("rect", {"y": y}, style="band")),
        mark("rule", {"x": {"datum": 0}}, style="guide"),
        _dots(place | {"color": chart.colour(names)}, list(shown), chart.tooltip(points, own="this repetition"), 24),
    ]
    named = f" ({', '.join(f'{point.variant} at {point.shape}' for point in two[:3])})" if two else ""
    return Drawing(
        title=chart.title(table, "samples"),
        caption=f"Every repetition's time against the median of its row, at most {_FARTHEST:.0%} off. "
        f"{len(two)} of {len(found)} rows have two modes{named}, and are shaded." + _left_out(shapes),
        alt=f"Strips of dots: the repetitions of each variant of {table.operation} against their median.",
        columns=[*name_columns(table), "repetition", "seconds", "over_median", "two_modes"],
        lines=[
            name_cells(table, point)
            | {"repetition": i, "seconds": value, "over_median": over, "two_modes": int(point in two)}
            for point, i, value, over in repetitions
        ],
        points=points,
        views=[_panels(shapes, 2, _LANE * len(variants), beside, layers)],
        beside=beside,
        inks=chart.inks(names),
    )


def _left_out(shapes: Sequence[str]) -> str:
    more = f" The first {_MOST_SHAPES} of {len(shapes)} shapes; the CSV has all."
    return more if len(shapes) > _MOST_SHAPES else ""


def _dots(encoding: Spec, found: Sequence[Point], tooltip: Sequence[Spec], size: int = 50) -> dict[str, Any]:
    sets = {"shape": chart.shape(chart.isas(found)), "tooltip": tooltip}
    return keyed(chart.dots(encoding | sets, size))


def _panels(shapes: Sequence[str], across: int, height: int, beside: int, layers: Sequence[Spec]) -> Spec:
    across = min(across, len(shapes))
    facet = {"field": "shape", "type": "nominal", "sort": shapes[:_MOST_SHAPES], "title": None}
    width = (WIDTH - beside - 20 * (across - 1)) // across
    panel = {"width": width, "height": height, "transform": [SHOWN], "layer": layers}
    return {"facet": facet, "columns": across, "spacing": 20, "spec": panel}
