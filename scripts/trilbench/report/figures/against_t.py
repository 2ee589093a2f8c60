"""Figures against T: the time per element, the shares of limit and peak, the speed-up; a view for each height. An
operation without T has its shapes instead."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trilbench.report import curves
from trilbench.report.figures import chart
from trilbench.report.figures.chart import Drawing, Nothing, Row, Spec, letters, mark, only
from trilbench.report.figures.palette import short
from trilbench.report.table import Entry, Table
from trilbench.results.names import PEER, BenchmarkName, Size, size_text
from trilbench.results.statistics import Summary
from trilbench.results.units import count

_LINE = 13  # pixels from a name beside the view to the next


@dataclass(frozen=True)
class Height:
    """What an entry's height is in a view."""

    key: str
    label: str
    value: Callable[[Entry], Summary | None]
    log: bool = False
    one: bool = False  # whether a line at 1 has a meaning


def time(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """The slope is the method, the height is the kernel. `caches` are the bytes that the threads' caches hold."""
    if not table.has_t:
        return Nothing(f"{table.operation} has no axis T")
    triangle = table.axes == "T"
    label = f"ns per {'useful ' if triangle else ''}element"
    flat, steep = ("T²", "T³") if triangle else ("T", "T²")
    height = Height(
        "time_per_element_ns",
        f"{label} (log)",
        lambda entry: chart.scaled(entry.times, 1e9 / entry.name.elements),
        log=True,
    )
    elements = "the elements on and below the diagonal" if triangle else table.axes.replace("x", " x ")
    caption = (
        f"Median time over {elements}; lower is faster. Level: work grows as {flat}; twice as high at twice T: "
        f"as {steep}."
    )
    return _drawing(table, "time per element", [height], caption, caches)


def share(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """How near to what the machine can do: of the operation's limit and, for the method's own flops, of its peak."""
    heights = [
        Height("of_limit", "share of the limit", lambda entry: entry.of_limit, one=True),
        Height("of_peak", "share of the FMA peak", lambda entry: entry.of_peak, one=True),
    ]
    caption = (
        "Limit: the least time that the machine allows the operation, over the time taken. Peak: the method's own "
        "useful flops, over what FMA units give."
    )
    return _drawing(table, "share of limit and peak", heights, caption, caches)


def speedup(table: Table, baselines: Sequence[str], bases: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """Over each of the baselines (variants), a view each. `bases` has their times."""
    lines = [line for line in (*bases.lines, *bases.peers) if line.variant in baselines and line.entries]
    over = {line.variant: line.entries for line in sorted(lines, key=lambda line: baselines.index(line.variant))}
    if not over:
        return Nothing(f"no baseline has a time ({', '.join(baselines) or 'there is none'})")

    def value_over(base: Mapping[str, Entry]) -> Callable[[Entry], Summary | None]:
        return lambda entry: (at := base.get(entry.name.shape)) and curves.inverse(entry.times, at.seconds)

    heights = [
        Height(f"speedup_{i}", f"over {short(name)} (log)", value_over(base), log=True, one=True)
        for i, (name, base) in enumerate(over.items())
    ]
    caption = (
        f"How many times as fast as {' and '.join(map(short, over))}, by median times; above the line at 1 is faster. "
        "Shapes at which that was not measured are missing."
    )
    told = {f"speedup_{i}": f"over {short(name)}" for i, name in enumerate(over)}
    named = {f"baseline_{i}": name for i, name in enumerate(over)}
    return _drawing(table, "speed-up", heights, caption, caches, told, named)


def _drawing(
    table: Table,
    what: str,
    heights: Sequence[Height],
    caption: str,
    caches: Mapping[str, int],
    told: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,  # further columns of the CSV
) -> Drawing | Nothing:
    best = curves.best_sets(table.entries)
    values = {height.key: {entry: value for entry in best if (value := height.value(entry))} for height in heights}
    heights = [height for height in heights if values[height.key]]
    found = [entry for entry in best if any(entry in values[height.key] for height in heights)]
    if not found:
        return Nothing("no row has these numbers, or none had its cores for itself")
    found.sort(key=lambda entry: entry.name.isa != PEER)  # what is drawn last lies above: ours
    names = chart.implementations(found)
    rows = {entry: chart.numbers(entry, caches) | (constants or {}) | _place(entry.name) for entry in found}
    views = []
    for height in heights:
        own = values[height.key]
        domain, tall = _domain([*own.values()], height), 250 if len(heights) == 1 else 170
        beside = _beside(own, height, domain, tall)
        for entry, value in own.items():
            rows[entry] |= chart.spread(height.key, value) | {f"_{height.key}": value.median}
            rows[entry] |= {f"_{height.key}_low": value.p10, f"_{height.key}_high": value.p90}
            rows[entry] |= {f"_{height.key}_beside": beside[entry]} if entry in beside else {}
        views.append(_view(table, found, height, domain, tall, names, caches, first=not views))
    return Drawing(
        title=chart.title(table, what),
        caption=caption + " Bars: p10 to p90." + (" Dashed: the data fill a cache." if caches and table.has_t else ""),
        alt=f"{what.capitalize()} of {count(len(names), 'implementation')} of {table.operation} at "
        f"{count(len(curves.shapes(found)), 'shape')}.",
        rows=[*rows.values()],
        views=views,
        beside=56 + max(letters(short(name)) for name in names) + 28,
        names=names,
        told={"time_per_element_ns": "time per element", **(told or {})},
    )


def _place(name: BenchmarkName) -> Row:
    others = "x".join("T" if axis == "T" else size_text(size) for axis, size in name.axes)
    return {"_x": name.sizes.get("T", name.shape), "_others": others, "_name": short(name.implementation)}


def _others(name: BenchmarkName) -> tuple[tuple[str, Size], ...]:
    """The axes but T."""
    return tuple(axis for axis in name.axes if axis[0] != "T")


def _domain(values: Sequence[Summary], height: Height) -> tuple[float, float]:
    low, high = min(value.p10 for value in values), max(value.p90 for value in values)
    if not height.log:
        return 0.0, max(1.06, high * 1.05)
    low, high = (min(low, 1), max(high, 1)) if height.one else (low, high)
    room = (high / low) ** 0.06 * 1.1
    return low / room, high * room


def _beside(
    values: Mapping[Entry, Summary], height: Height, domain: tuple[float, float], tall: int
) -> dict[Entry, float]:
    """Heights for the names right of the view: each beside its last entry, pushed apart where they would overlap."""
    ordered = sorted(values, key=lambda each: (each.name.sizes.get("T", 0), each.name.elements, -each.seconds))
    last = {entry.name.implementation: entry for entry in ordered}.values()
    if len(last) * _LINE > tall:
        return {}
    scale: Callable[[float], float] = math.log if height.log else float
    back: Callable[[float], float] = math.exp if height.log else float
    low, high = map(scale, domain)
    ascending = sorted(last, key=lambda entry: values[entry].median)
    wanted = [(scale(values[entry].median) - low) / (high - low) * tall for entry in ascending]
    places = chart.apart(wanted, _LINE, tall)
    return {entry: back(low + (high - low) * at / tall) for entry, at in zip(ascending, places, strict=True)}


def _view(
    table: Table,
    found: Sequence[Entry],
    height: Height,
    domain: tuple[float, float],
    tall: int,
    names: Sequence[str],
    caches: Mapping[str, int],
    first: bool,
) -> Spec:
    key = f"_{height.key}"
    y = chart.axis(key, height.label, domain, 10 if height.log else 0, tickCount=5)
    x = _lengths(found) if table.has_t else _shapes(found)
    ink, edge = {"color": chart.colour(names)}, {"value": "width"}
    place = {"x": x, "y": y} | ink
    name = {"x": edge, "y": y | {"field": f"{key}_beside"}, "text": {"field": "_name"}} | ink
    dots = chart.dots(place | {"shape": chart.isas(found)})
    distinct = len({entry.name.sizes.get("T") for entry in found}) == len(curves.shapes(found))
    layers = [
        *(_cache_lines(found, caches) if table.has_t else []),
        *([mark("rule", {"y": {"datum": 1}}, style="rule")] if height.one else []),
        *([mark("line", place, strokeWidth=1, strokeDash=[1, 3])] if distinct else []),
        mark("line", place | {"detail": {"field": "_others"}}),
        mark("rule", place | {"y": y | {"field": f"{key}_low"}, "y2": {"field": f"{key}_high"}}, strokeWidth=1.5),
        *only(
            f"{key}_beside",
            mark("rule", place | {"x2": edge, "y2": {"field": f"{key}_beside"}}, strokeWidth=0.7),
            mark("text", name, align="left", dx=4, fontSize=chart.SMALL),
        ),
        chart.keyed(dots) if first else dots,
    ]
    return {"height": tall, "transform": [{"filter": f"isValid(datum.{key})"}], "layer": layers}


def _lengths(found: Sequence[Entry]) -> Spec:
    """T on a logarithmic axis; below each length its shape, if it has one alone."""
    shapes: dict[int, set[str]] = {}
    for entry in found:
        shapes.setdefault(entry.name.sizes["T"], set()).add(_place(entry.name)["_others"])
    lengths = sorted(shapes)
    room = (lengths[-1] / lengths[0]) ** 0.06 * 1.1
    below = [[str(t), *(shapes[t] if len(shapes[t]) == 1 and shapes[t] != {"T"} else ())] for t in lengths]
    labels = f"{below}[indexof({lengths}, datum.value)]"
    domain = lengths[0] / room, lengths[-1] * room
    return chart.axis("_x", "T (log)", domain, 2, values=lengths, labelExpr=labels, grid=False)


def _shapes(found: Sequence[Entry]) -> Spec:
    shapes = curves.shapes(found)
    axis = {"labelAngle": -90 if len(shapes) > 8 else -20, "labelLimit": 130, "grid": False}
    scale = {"type": "point", "domain": shapes}
    return {"field": "_x", "type": "nominal", "scale": scale, "axis": axis, "title": None}


def _cache_lines(found: Sequence[Entry], caches: Mapping[str, int]) -> list[Spec]:
    """Where what must be read and written fills a cache, for the other axes that the most shapes have."""
    every = [_others(entry.name) for entry in {entry.name.shape: entry for entry in found}.values()]
    others = max(every, key=every.count)
    sizes = {entry.name.sizes["T"]: entry.working_set for entry in found if _others(entry.name) == others}
    full: list[dict[str, Any]] = []
    for level, size in caches.items():
        if length := curves.length_of(size, sizes):
            near = full and length < full[-1]["_x"] * 2
            full.append({"_x": length, "text": "" if near else level})
    x, text = {"x": chart.field("_x")}, {"y": {"value": -6}, "text": {"field": "text"}}
    return [mark("rule", x, data=full, style="guide"), mark("text", x | text, data=full, style="quiet")] if full else []
