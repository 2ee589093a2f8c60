"""What the machine gives programs that only move memory, or only multiply and add."""

from collections.abc import Mapping, Sequence

from trilbench.report import limits
from trilbench.report.figures import chart
from trilbench.report.figures.chart import Drawing, Nothing, Spec, mark
from trilbench.report.table import Entry, Table
from trilbench.results.units import binary_bytes, count, rate


def bandwidth(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """Copies against size, and arithmetic. `table` is of the operation `machine`."""
    moves = limits.copies(table)
    sums = {entry.name.isa: entry for entry in sorted(limits.arithmetic(table), key=limits.giga)}  # the best of each
    found = [*moves, *sums.values()]
    if not found:
        return Nothing("no row of the machine's limits has a rate")
    names = chart.implementations(found)
    rows = [
        chart.numbers(entry, {})
        | {"working_set_bytes": entry.arrays, "_variant": entry.name.variant}
        | {"_x": entry.arrays, "_y": limits.giga(entry)}
        for entry in moves
    ]
    rows += [
        chart.numbers(entry, {})
        | {"working_set_bytes": entry.arrays, "_sum": limits.giga(entry), "_text": rate(limits.giga(entry))}
        for entry in sums.values()
    ]
    views = [_copies(moves, names, caches)] if moves else []
    return Drawing(
        title=f"The machine's limits, {count(table.threads, 'thread')}",
        caption="Above: what copies read and write in a second, against the bytes of both arrays. Below: what each "
        "instruction set multiplies and adds in registers. Higher is faster.",
        alt="Bandwidth of copies against their size, and the FMA peak of each instruction set.",
        rows=rows,
        views=[*views, *([_sums(sums, names, first=not moves)] if sums else [])],
        beside=104,
        names=names,
    )


def _copies(copies: Sequence[Entry], names: Sequence[str], caches: Mapping[str, int]) -> Spec:
    sizes = sorted({entry.arrays for entry in copies})
    texts, domain = [binary_bytes(size) for size in sizes], (sizes[0] / 2, sizes[-1] * 2)
    most = max(map(limits.giga, copies))
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


def _sums(sums: Mapping[str, Entry], names: Sequence[str], first: bool) -> Spec:
    most = max(map(limits.giga, sums.values()))
    sets = chart.isas(sums.values())["scale"]["domain"]
    y = {"field": "isa", "type": "nominal", "scale": {"domain": sets}, "title": None}
    place = {"x": chart.axis("_sum", "GFLOP/s, FMA", (0, most * 1.02), tickCount=5), "y": y}
    bars = mark("bar", place | {"color": chart.colour(names)}, height={"band": 0.7})
    text = mark("text", place | {"text": {"field": "_text"}}, style="words", align="left", dx=4)
    layers = [chart.keyed(bars) if first else bars, text]
    return {"height": 24 * len(sets), "transform": [{"filter": "isValid(datum._sum)"}], "layer": layers}
