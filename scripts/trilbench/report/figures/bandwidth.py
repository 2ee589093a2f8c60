"""What the machine gives programs that only move memory, or only multiply and add."""

from collections.abc import Mapping, Sequence

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures import chart
from trilbench.report.figures.chart import Drawing, Nothing, Spec, mark
from trilbench.report.table import Table
from trilbench.results.units import binary_bytes, count, rate


def bandwidth(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """Copies against size, and arithmetic. `table` is of the operation `machine`."""
    found = curves.points(table)
    sums: dict[str, Point] = {}  # of each instruction set the best
    for point in sorted(found, key=lambda point: point.entry.flops_per_second or 0):
        if point.entry.flops_per_second:
            sums[point.isa] = point
    copies = [point for point in found if not point.entry.flops_per_second and point.entry.bytes_per_second]
    if not copies and not sums:
        return Nothing("no row of the machine's limits has a rate")
    names = chart.implementations([*copies, *sums.values()])
    rows = [chart.numbers(table, point, {}) for point in (*copies, *sums.values())]
    for row, point in zip(rows, (*copies, *sums.values()), strict=True):
        row |= {"working_set_bytes": curves.copied(point), "_variant": point.variant}
        if point in copies:
            row |= {"_x": curves.copied(point), "_y": row["gb_per_s"]}
        else:
            row |= {"_sum": row["gflop_per_s"], "_text": rate(row["gflop_per_s"])}
    views = [_copies(copies, names, caches)] if copies else []
    return Drawing(
        title=f"The machine's limits, {count(table.threads, 'thread')}",
        caption="Above: what copies read and write in a second, against the bytes of both arrays. Below: what each "
        "instruction set multiplies and adds in registers. Higher is faster.",
        alt="Bandwidth of copies against their size, and the FMA peak of each instruction set.",
        rows=rows,
        views=[*views, *([_sums(sums, names, first=not copies)] if sums else [])],
        beside=104,
        names=names,
    )


def _copies(copies: Sequence[Point], names: Sequence[str], caches: Mapping[str, int]) -> Spec:
    sizes = sorted({curves.copied(point) for point in copies})
    texts, domain = [binary_bytes(size) for size in sizes], (sizes[0] / 2, sizes[-1] * 2)
    most = max(point.entry.bytes_per_second or 0 for point in copies) / 1e9
    labels = {"values": sizes, "labelExpr": f"{texts}[indexof({sizes}, datum.value)]"}
    x = chart.axis("_x", "x and y together (log)", domain, 2, grid=False, **labels)
    y = chart.axis("_y", "GB/s, read and written", (0, most * 1.08), tickCount=5)
    place = {"x": x, "y": y, "color": chart.colour(names)}
    full = [{"_x": size, "text": level} for level, size in caches.items() if domain[0] < size < domain[1]]
    above = {"x": chart.field("_x"), "y": {"value": -6}, "text": {"field": "text"}}
    layers = [
        mark("rule", {"x": chart.field("_x")}, data=full, style="guide"),
        mark("text", above, data=full, style="quiet"),
        mark("line", place | {"detail": {"field": "_variant"}}, strokeWidth=1.6),
        chart.keyed(chart.dots(place | {"shape": chart.isas(copies)})),
    ]
    return {"height": 250, "transform": [{"filter": "isValid(datum._y)"}], "layer": layers}


def _sums(sums: Mapping[str, Point], names: Sequence[str], first: bool) -> Spec:
    most = max(point.entry.flops_per_second or 0 for point in sums.values()) / 1e9
    sets = chart.isas(sums.values())["scale"]["domain"]
    y = {"field": "isa", "type": "nominal", "scale": {"domain": sets}, "title": None}
    place = {"x": chart.axis("_sum", "GFLOP/s, FMA", (0, most * 1.02), tickCount=5), "y": y}
    bars = mark("bar", place | {"color": chart.colour(names)}, height={"band": 0.7})
    text = mark("text", place | {"text": {"field": "_text"}}, style="words", align="left", dx=4)
    layers = [chart.keyed(bars) if first else bars, text]
    return {"height": 24 * len(sets), "transform": [{"filter": "isValid(datum._sum)"}], "layer": layers}
