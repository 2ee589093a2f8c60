"""Figures against T: the time per element, the shares of limit and peak, the speed-up. One view for each height, or two
where shapes of one number of channels have three lengths or more. An operation without T has its shapes instead."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trilbench.report import curves
from trilbench.report.curves import Panel, Point
from trilbench.report.figures import chart
from trilbench.report.figures.chart import (
    SHOWN,
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
from trilbench.report.table import Table
from trilbench.results import units
from trilbench.results.names import size_text
from trilbench.results.statistics import Summary
from trilbench.results.units import count

_HEIGHT, _LOW = 250, 170  # pixels of a view, alone and among others
_LEFT = 56
_LINE = 13  # pixels from a name to the next


@dataclass(frozen=True)
class Height:
    """What a point's height is in a view."""

    key: str  # in the CSV
    label: str
    value: Callable[[Point], Summary | None]
    log: bool = False
    one: bool = False  # whether a line at 1 has a meaning
    told: str = ""  # in the tooltip, if that does not tell it anyway
    text: Callable[[float], str] = units.rate


def time(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """The slope is the method, the height is the kernel. `caches` are the bytes that the threads' caches hold."""
    triangle = table.axis_names == ("T",)
    label = f"ns per {'useful ' if triangle else ''}element"
    height = Height(
        key="time_per_element_ns",
        label=f"{label} (log)",
        value=lambda point: scaled(point.entry.times, point.nanoseconds_per_element(1.0)),
        log=True,
        told=label,
    )
    flat, steep = ("T²", "T³") if triangle else ("T", "T²")
    caption = (
        f"Median time over the elements {'on and below the diagonal' if triangle else 'of the result'}: level is work "
        f"that grows as {flat}, twice as high at twice T is work that grows as {steep}. Lower is faster."
    )
    if "T" not in table.axis_names:
        return Nothing(f"{table.operation} has no axis T")
    return _drawing(table, "time per element", [height], caption, caches)


def share(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """How near to what the machine can do: of the operation's limit and, for the method's own flops, of its peak."""
    heights = [
        Height("of_limit", "share of the limit", lambda point: point.entry.of_limit, one=True),
        Height("of_peak", "share of the FMA peak", lambda point: point.entry.of_peak, one=True),
    ]
    caption = (
        "Of the limit: the least time that the machine allows the operation over the time taken. Of the peak: the "
        "method's own useful flops over what FMA units give. 1 is the best there can be."
    )
    drawing = _drawing(table, "share of limit and peak", heights, caption, caches)
    if isinstance(drawing, Nothing):
        return Nothing("no row has the counters of_limit or of_peak, or none had its cores for itself")
    return drawing


def speedup(table: Table, baselines: Sequence[str], caches: Mapping[str, int]) -> Drawing | Nothing:
    """Over each of the baselines (variants), a view each."""
    found = curves.points(table)
    over = {baseline: values for baseline in baselines if (values := curves.speedups(found, baseline))}
    if not over:
        return Nothing(f"no baseline has a time ({', '.join(baselines) or 'there is none'})")
    heights = [
        Height(
            key=f"speedup_over_{baseline}",
            label=f"times as fast as {short(baseline)}",
            value=lambda point, values=values: (
                _inverse(point.entry.times, values[point] * point.entry.seconds) if point in values else None
            ),
            log=True,
            one=True,
            told=f"over {short(baseline)}",
            text=units.factor,
        )
        for baseline, values in over.items()
    ]
    caption = (
        f"Median time of {' or '.join(map(short, over))} over each implementation's own. Above the line at 1 is "
        "faster; shapes at which the baseline was not measured are missing."
    )
    return _drawing(table, "speed-up", heights, caption, caches)


def scaled(times: Summary, by: float) -> Summary:
    return Summary(times.minimum * by, times.p10 * by, times.median * by, times.p90 * by)


def _inverse(times: Summary, base: float) -> Summary:
    return Summary(base / times.minimum, base / times.p90, base / times.median, base / times.p10)


def _drawing(
    table: Table, what: str, heights: Sequence[Height], caption: str, caches: Mapping[str, int]
) -> Drawing | Nothing:
    best = curves.best_sets(curves.points(table))
    values = {height.key: {p: value for p in best if (value := height.value(p))} for height in heights}
    heights = [height for height in heights if values[height.key]]
    found = [point for point in best if any(point in values[height.key] for height in heights)]
    if not found:
        return Nothing("no row has such a number")
    found.sort(key=lambda point: point.isa != "peer")  # what is drawn last lies above: ours
    names = chart.implementations(found)
    parts = curves.panels(found) if "T" in table.axis_names else (Panel("", tuple(found), same_channels=False),)
    beside = max(letters(short(name)) for name in names) + 28
    points: list[dict[str, Any]] = []
    views: list[Spec] = []
    tall = _HEIGHT if len(heights) * len(parts) == 1 else _LOW
    for i, part in enumerate(parts):
        pieces = _pieces(part)
        rows = {
            point: chart.told(point, caches)
            | {"part": i, "T": point.sizes.get("T", 0), "name": short(point.implementation)}
            | ({"line": pieces[point]} if point in pieces else {})
            for point in part.points
        }
        for j, height in enumerate(heights):
            of_part = {point: value for point, value in values[height.key].items() if point in rows}
            if not of_part:
                continue
            domain = _domain([*values[height.key].values()], height)
            for point, value in of_part.items():
                rows[point] |= {f"y{j}": value.median, f"low{j}": value.p10, f"high{j}": value.p90}
                if height.told:
                    rows[point][f"told{j}"] = chart.spread(value, height.text)
            for point, place in _beside(of_part, height, domain, tall).items():
                rows[point][f"beside{j}"] = place
            views.append(_view(table, part, (i, j), height, domain, tall, names, chart.isas(found), caches))
        points += rows.values()
    more = {f"told{j}": height.told for j, height in enumerate(heights) if height.told}
    for view in views:
        view["layer"][-1]["encoding"]["tooltip"] = chart.tooltip(points, **more)
    libraries = len({point.implementation for point in found if point.isa == "peer"})
    shapes = len({point.shape for point in found})
    return Drawing(
        title=chart.title(table, what),
        caption=caption + " Bars: p10 to p90.",
        alt=f"{what.capitalize()} of {count(len(names) - libraries, 'implementation')}"
        + (f" and {count(libraries, 'routine')} of libraries" if libraries else "")
        + f" of {table.operation} at {count(shapes, 'shape')}.",
        columns=[
            *name_columns(table),
            "working_set_bytes",
            *(f"{height.key}{end}" for height in heights for end in ("", "_p10", "_p90")),
        ],
        lines=[
            {**name_cells(table, point), "working_set_bytes": curves.working_set(point)}
            | {
                f"{height.key}{end}": number
                for height in heights
                if (value := values[height.key].get(point))
                for end, number in (("", value.median), ("_p10", value.p10), ("_p90", value.p90))
            }
            for point in found
        ],
        points=points,
        views=views,
        beside=_LEFT + beside,
        inks=chart.inks(names),
    )


def _domain(values: Sequence[Summary], height: Height) -> tuple[float, float]:
    low, high = min(value.p10 for value in values), max(value.p90 for value in values)
    if height.log:
        low, high = (min(low, 1), max(high, 1)) if height.one else (low, high)
        room = (high / low) ** 0.06 * 1.1
        return low / room, high * room
    return 0.0, max(1.06, high * 1.05)


def _pieces(part: Panel) -> dict[Point, str]:
    """The line that a point belongs to: of shapes that differ in T alone and are neighbours."""
    lengths: dict[tuple[Any, ...], list[int]] = {}
    for point in part.points:
        if "T" in point.sizes:
            lengths.setdefault(point.others, []).append(point.sizes["T"])
    found: dict[Point, str] = {}
    for line in curves.series(point for point in part.points if "T" in point.sizes):
        for piece in curves.without_gaps(line, sorted(set(lengths[line[0].others]))):
            found |= dict.fromkeys(piece, piece[0].shape) if len(piece) > 1 else {}
    return found


def _beside(
    values: Mapping[Point, Summary], height: Height, domain: tuple[float, float], tall: int
) -> dict[Point, float]:
    """Heights for the names right of the view: each beside its last point, pushed apart where they would overlap."""
    ordered = sorted(values, key=lambda point: (point.sizes.get("T", 0), point.elements, -point.entry.seconds))
    last = {point.implementation: point for point in ordered}
    if len(last) * _LINE > tall:
        return {}
    scale: Callable[[float], float] = math.log if height.log else float
    low, high = map(scale, domain)
    wanted = {p: (scale(values[p].median) - low) / (high - low) * tall for p in last.values()}
    ascending = sorted(wanted, key=wanted.__getitem__)
    places = chart.apart([wanted[point] for point in ascending], _LINE, tall)
    at = (low + (high - low) * place / tall for place in places)
    return {point: math.exp(place) if height.log else place for point, place in zip(ascending, at, strict=True)}


def _view(
    table: Table,
    part: Panel,
    number: tuple[int, int],  # of the part and of the height
    height: Height,
    domain: tuple[float, float],
    tall: int,
    names: Sequence[str],
    sets: Sequence[str],
    caches: Mapping[str, int],
) -> Spec:
    i, j = number
    y = chart.axis(
        f"y{j}", height.label, domain, height.log, values=chart.steps(*domain) if height.log else None, format="~g"
    )
    y["axis"] |= {"tickCount": 5, "minExtent": _LEFT - 18, "maxExtent": _LEFT - 18, "titlePadding": 2}
    x = _lengths(part) if "T" in table.axis_names else _shapes(part)
    ink = {"color": chart.colour(names)}
    place, edge = {"x": x, "y": y} | ink, {"value": "width"}
    beside = {"x": edge, "y": y | {"field": f"beside{j}"}, "text": {"field": "name"}} | ink
    dots = chart.dots(place | {"shape": chart.shape(sets)})
    apart = len({point.sizes.get("T") for point in part.points}) == len({point.shape for point in part.points})
    layers = [
        *_cache_lines(part, caches),
        *([mark("rule", {"y": {"datum": 1}}, style="rule")] if height.one else []),
        *([mark("line", place, strokeWidth=1, strokeDash=[1, 3])] if apart else []),
        *only("line", mark("line", place | {"detail": {"field": "line"}})),
        mark("rule", place | {"y": y | {"field": f"low{j}"}, "y2": {"field": f"high{j}"}}, strokeWidth=1.5),
        *only(
            f"beside{j}",
            mark("rule", place | {"x2": edge, "y2": {"field": f"beside{j}"}}, strokeWidth=0.7),
            mark("text", beside, align="left", dx=4, fontSize=chart.SMALL),
        ),
        dots if i or j else keyed(dots),
    ]
    shown = {"filter": f"datum.part === {i} && isValid(datum.y{j})"}
    return {"height": tall, "transform": [shown, SHOWN], "layer": layers}


def _lengths(part: Panel) -> Spec:
    """T on a logarithmic axis; below each length its shape, if it has one alone."""
    of_length: dict[int, set[str]] = {}
    for point in part.points:
        others = "x".join("T" if axis == "T" else size_text(size) for axis, size in point.axes)
        of_length.setdefault(point.sizes["T"], set()).add(others)
    lengths = sorted(of_length)
    room = (lengths[-1] / lengths[0]) ** 0.06 * 1.1
    below = [[str(t), *of_length[t]] if len(of_length[t]) == 1 and of_length[t] != {"T"} else [str(t)] for t in lengths]
    x = chart.axis(
        "T", f"T{part.title and f' at {part.title}'} (log)", (lengths[0] / room, lengths[-1] * room), log=True
    )
    x["scale"]["base"] = 2
    x["axis"] |= {
        "values": lengths,
        "labelExpr": f"{below}[indexof({lengths}, datum.value)]".replace("'", '"'),
        "grid": False,
    }
    return x


def _shapes(part: Panel) -> Spec:
    shapes = list(curves.by_shape(part.points))
    axis = {"labelAngle": -90 if len(shapes) > 8 else -20, "labelLimit": 130, "grid": False}
    return {
        "field": "shape",
        "type": "nominal",
        "sort": shapes,
        "scale": {"type": "point"},
        "axis": axis,
        "title": None,
    }


def _cache_lines(part: Panel, caches: Mapping[str, int]) -> list[Spec]:
    """Where what must be read and written fills a cache, for the other axes that the most shapes of the view have."""
    every = [point.others for point in {point.shape: point for point in part.points if "T" in point.sizes}.values()]
    others = max(every, key=every.count, default=())
    sizes = {point.sizes["T"]: curves.working_set(point) for point in part.points if point.others == others}
    at = "".join(f" at {axis} = {size_text(size)}" for axis, size in others[-1:])
    full: list[dict[str, Any]] = []
    for level, size in caches.items():
        if "T" in part.points[0].sizes and (length := curves.length_of(size, sizes)):
            near = full and length < full[-1]["T"] * 2
            full.append({"T": length, "text": "" if near else level if full else f"{level} full{at}"})
    x = {"field": "T", "type": "quantitative"}
    text = {"x": x, "text": {"field": "text"}, "y": {"value": -6}}
    data = {"data": {"values": full}}
    return [data | mark("rule", {"x": x}, style="guide"), data | mark("text", text, style="quiet")] if full else []
