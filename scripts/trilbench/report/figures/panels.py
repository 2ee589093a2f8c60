"""Figures with a panel for each shape: what more threads bring, and every repetition."""

from collections.abc import Mapping, Sequence

from trilbench.report import curves
from trilbench.report.figures import chart
from trilbench.report.figures.chart import WIDTH, Drawing, Nothing, Row, Spec, letters, mark, only
from trilbench.report.figures.palette import short
from trilbench.report.table import Table
from trilbench.results.rows import RowResult
from trilbench.results.statistics import has_two_modes, quantile, times

_MOST_SHAPES = 9
_FEWEST = 5  # repetitions that are worth a look
_FARTHEST = 0.3  # of the median; what lies beyond is drawn at the edge
_LANE = 15  # pixels


def threads(tables: Sequence[Table], whole: Sequence[Table], caches: Mapping[str, int]) -> Drawing | Nothing:
    """All tables of one operation. The `whole` ones have the times with one thread."""
    found = curves.scalings(tables, whole)
    if not found:
        return Nothing("nothing was measured with one thread and with more; scripts/bench --threads=1,2 does")
    best = curves.best_sets(one for one, _ in found)
    shapes = curves.shapes(best)
    names = chart.implementations(best)
    rows = [
        chart.numbers(one, caches)
        | {"omp_threads": number, **chart.spread("speedup", speedup), "efficiency": speedup.median / number}
        | {"_x": number, "_y": speedup.median, "_low": speedup.p10, "_high": speedup.p90}
        for one, speedups in found
        if one in best
        for number, speedup in speedups.items()
    ]
    numbers = sorted({row["_x"] for row in rows})
    most = max(numbers[-1], *(row["_high"] for row in rows)) * 1.05
    ticks = {"values": numbers if len(numbers) < 9 else numbers[:: len(numbers) // 6], "format": "d"}
    x = chart.axis("_x", "threads", (0.8, numbers[-1] + 0.2), grid=False, **ticks)
    y = chart.axis("_y", "times as fast", (0, most), tickCount=4)
    place = {"x": x, "y": y, "color": chart.colour(names)}
    layers = [
        mark(
            "line", {"x": x, "y": y}, data=[{"_x": 1, "_y": 1}, {"_x": numbers[-1], "_y": numbers[-1]}], style="guide"
        ),
        mark("line", place, strokeWidth=1.5),
        mark("rule", place | {"y": y | {"field": "_low"}, "y2": {"field": "_high"}}, strokeWidth=1.5),
        chart.keyed(chart.dots(place | {"shape": chart.isas(best)}, 50)),
    ]
    return Drawing(
        title=f"{short(tables[0].operation)}: threads",
        caption="Time with one thread over the time with so many, of each implementation the instruction set that is "
        "fastest with one; dashed: n times as fast with n. Bars: p10 to p90." + _left_out(shapes),
        alt=f"Speed-up of the implementations of {tables[0].operation} against the number of threads, by shape.",
        rows=rows,
        views=[_panels(shapes, 3, 150, 80, layers)],
        beside=80,
        names=names,
        told={"omp_threads": "threads", "speedup": "times as fast", "efficiency": "of the ideal"},
    )


def samples(table: Table, rows: Sequence[RowResult], caches: Mapping[str, int]) -> Drawing | Nothing:
    """`rows` are those of the table, among others: a median hides two modes."""
    seconds = {row.name: times(row) for row in rows}
    found = {entry: seconds[entry.name] for entry in table.entries}
    if not any(len(values) >= _FEWEST for values in found.values()):
        return Nothing(f"no row has {_FEWEST} repetitions; scripts/bench --full makes 9")
    shapes = curves.shapes(found)
    two = [entry for entry, values in found.items() if has_two_modes(values)]
    names = chart.implementations(found)
    ordered = sorted((entry.name for entry in found), key=lambda name: names.index(name.implementation))
    lanes = list(dict.fromkeys(name.variant for name in ordered))
    marks: list[Row] = [
        chart.numbers(entry, caches)
        | {"repetition": i, "seconds": value, "over_median": over, "two_modes": int(entry in two)}
        | {"_lane": entry.name.variant, "_off": max(-_FARTHEST, min(_FARTHEST, over - 1))}
        | ({"_two": 1} if entry in two else {})
        for entry, values in found.items()
        for i, value in enumerate(values)
        for over in [value / quantile(values, 0.5)]
    ]
    reach = max(0.02, *(abs(row["_off"]) for row in marks)) * 1.1
    extent = max(map(letters, lanes))
    labels = "datum.value ? datum.label : 'median'"
    x = chart.axis("_off", "off the median", (-reach, reach), format="+.0%", tickCount=5, labelExpr=labels)
    left = {"minExtent": extent, "maxExtent": extent}
    y = {"field": "_lane", "type": "nominal", "scale": {"domain": lanes}, "title": None, "axis": left}
    place = {"x": x, "y": y, "color": chart.colour(names), "shape": chart.isas(found)}
    layers = [
        *only("_two", mark("rect", {"y": y}, style="band")),
        mark("rule", {"x": {"datum": 0}}, style="guide"),
        chart.keyed(chart.dots(place, 24)),
    ]
    named = f" ({', '.join(f'{entry.name.variant} at {entry.name.shape}' for entry in two[:3])})" if two else ""
    return Drawing(
        title=chart.title(table, "samples"),
        caption=f"Every repetition's time against the median of its row, at most {_FARTHEST:.0%} off. "
        f"{len(two)} of {len(found)} rows have two modes{named}, and are shaded." + _left_out(shapes),
        alt=f"Strips of dots: the repetitions of each variant of {table.operation} against their median.",
        rows=marks,
        views=[_panels(shapes, 2, _LANE * len(lanes), extent + 40, layers)],
        beside=extent + 40,
        names=names,
        told={"repetition": "repetition", "over_median": "over the median"},
    )


def _left_out(shapes: Sequence[str]) -> str:
    more = f" The first {_MOST_SHAPES} of {len(shapes)} shapes; the CSV has all."
    return more if len(shapes) > _MOST_SHAPES else ""


def _panels(shapes: Sequence[str], across: int, height: int, beside: int, layers: Sequence[Spec]) -> Spec:
    shown, across = list(shapes[:_MOST_SHAPES]), min(across, len(shapes))
    facet = {"field": "shape", "type": "nominal", "sort": shown, "title": None}
    width = (WIDTH - beside - 20 * (across - 1)) // across
    panel = {"width": width, "height": height, "layer": layers}
    chosen = {"filter": {"field": "shape", "oneOf": shown}}
    return {"transform": [chosen], "facet": facet, "columns": across, "spacing": 20, "spec": panel}
