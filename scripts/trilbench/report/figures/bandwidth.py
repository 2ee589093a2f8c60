"""What the machine gives programs that only move memory, or only multiply and add."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures import chart
from trilbench.report.figures.chart import SHOWN, Drawing, Nothing, Spec, keyed, mark, name_cells, name_columns, only
from trilbench.report.table import Table
from trilbench.results.units import binary_bytes, count, rate

_LEFT, _RIGHT = 64, 40


def bandwidth(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
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
    best: dict[str, Point] = {}
    for point in sorted(sums, key=sums.__getitem__):
        best[point.isa] = point
    names = chart.implementations([*copies, *best.values()])
    pieces = _pieces(copies)
    points: list[dict[str, Any]] = [
        chart.told(point)
        | {"data": binary_bytes(curves.copied(point)), "x": curves.copied(point), "y": copies[point]}
        | ({"line": pieces[point]} if point in pieces else {})
        for point in copies
    ]
    points += [chart.told(point) | {"sum": sums[point], "text": rate(sums[point])} for point in best.values()]
    views = [_copies(copies, names, caches)] if copies else []
    views += [_sums(sums, chart.isas(best.values()), names, first=not copies)] if sums else []
    for view in views:
        next(each for each in view["layer"] if "tooltip" in each["encoding"])["encoding"]["tooltip"] = chart.tooltip(
            points
        )
    return Drawing(
        title=f"The machine's limits, {count(table.threads, 'thread')}",
        caption="Above: what copies read and write in a second, against the bytes of both arrays; lines connect "
        "neighbouring sizes. Below: what each instruction set multiplies and adds in registers. Higher is faster.",
        alt="Bandwidth of copies against their size, and the FMA peak of each instruction set.",
        columns=[*name_columns(table), "working_set_bytes", "bandwidth_gb_per_s", "arithmetic_gflop_per_s"],
        lines=[
            name_cells(table, point)
            | {"working_set_bytes": curves.copied(point)}
            | ({"bandwidth_gb_per_s": copies[point]} if point in copies else {})
            | ({"arithmetic_gflop_per_s": sums[point]} if point in sums else {})
            for point in (*copies, *sums)
        ],
        points=points,
        views=views,
        beside=_LEFT + _RIGHT,
        inks=chart.inks(names),
    )


def _pieces(copies: Mapping[Point, float]) -> dict[Point, str]:
    """The line that a point belongs to: of a variant's neighbouring sizes."""
    sizes = sorted({curves.copied(point) for point in copies})
    found: dict[Point, str] = {}
    for variant in dict.fromkeys(point.variant for point in copies):
        line = sorted((point for point in copies if point.variant == variant), key=curves.copied)
        for here, there in pairwise(line):
            if sizes.index(curves.copied(there)) == sizes.index(curves.copied(here)) + 1:
                name = found.setdefault(here, f"{variant} from {here.shape}")
                found[there] = name
    return found


def _copies(copies: Mapping[Point, float], names: list[str], caches: Mapping[str, int]) -> Spec:
    sizes = sorted({curves.copied(point) for point in copies})
    domain = sizes[0] / 2, sizes[-1] * 2
    texts = [binary_bytes(size) for size in sizes]
    x = chart.axis("x", "x and y together (log)", domain, log=True, values=sizes, grid=False)
    x["scale"]["base"] = 2
    x["axis"]["labelExpr"] = f"{texts}[indexof({sizes}, datum.value)]"
    y = chart.axis("y", "GB/s, read and written", (0, max(copies.values()) * 1.08), tickCount=5)
    place = {"x": x, "y": y, "color": chart.colour(names)}
    full = [{"x": size, "text": level} for level, size in caches.items() if domain[0] < size < domain[1]]
    above = {"x": {"field": "x", "type": "quantitative"}}
    marks = place | {"shape": chart.shape(chart.isas(copies)), "tooltip": []}
    return {
        "height": 250,
        "transform": [{"filter": "isValid(datum.y)"}, SHOWN],
        "layer": [
            {"data": {"values": full}} | mark("rule", above, style="guide"),
            {"data": {"values": full}}
            | mark("text", above | {"y": {"value": -6}, "text": {"field": "text"}}, style="quiet"),
            *only("line", mark("line", place | {"detail": {"field": "line"}}, strokeWidth=1.6)),
            keyed(chart.dots(marks)),
        ],
    }


def _sums(sums: Mapping[Point, float], sets: list[str], names: list[str], first: bool) -> Spec:
    x = chart.axis("sum", "GFLOP/s, FMA", (0, max(sums.values()) * 1.02), tickCount=5)
    y = {"field": "isa", "type": "nominal", "scale": {"domain": sets}, "title": None}
    bars = mark("bar", {"x": x, "y": y, "color": chart.colour(names), "tooltip": []}, height={"band": 0.7})
    text = mark("text", {"x": x, "y": y, "text": {"field": "text"}}, style="words", align="left", dx=4)
    shown = {"filter": "isValid(datum.sum)"}
    return {
        "height": 24 * len(sets),
        "transform": [shown, SHOWN],
        "layer": [keyed(bars) if first else bars, text],
    }
