"""What bounds each implementation: arithmetic, or the memory that holds its data."""

import itertools
import math
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
from trilbench.report.roofline import Placed, Roofs, placed, roofs
from trilbench.report.table import Table
from trilbench.results.statistics import evenly
from trilbench.results.units import rate

_HEIGHT = 380  # pixels, of which the roofs' names have the upper
_NAMES = 84
_LEFT = 52
_NARROW = 359  # the least width of a figure: what is named there is named in wider ones
_MOST_NAMED = 12  # shapes
_APART = 1.5  # roofs closer than this factor share a label


def roofline(table: Table, machine: Table | None, caches: Mapping[str, int]) -> Drawing | Nothing:
    """`machine` holds the rows of the machine's limits at the same number of threads."""
    ceilings = roofs(machine, caches) if machine else None
    if not ceilings:
        return Nothing("the run has not measured the machine's limits; scripts/bench does without --operations")
    places = {point: place for point in curves.points(table) if (place := placed(point, ceilings, caches))}
    if not places:
        return Nothing("no row has flops and bytes")
    shown = [point for point in curves.best_sets(places) if point in places]
    names = chart.implementations(shown)
    peaks = _together(ceilings.arithmetic, "GFLOP/s")
    beside = _LEFT + max(letters(text) for _, text in peaks) + 12
    x, y = _domains([places[point] for point in shown], ceilings)
    offsets = _offsets({point: places[point] for point in shown}, x, y, beside)
    points = [_told(point, places[point], caches) | offsets.get(point, {}) for point in shown]
    return Drawing(
        title=chart.title(table, "roofline"),
        caption="Useful flops in a second against those for each byte that must be moved (algorithmic bytes, not "
        "counted ones), below what the machine gave copies and FMA loops in this run. The best at a shape is named.",
        alt=f"Roofline of the implementations of {table.operation}: GFLOP/s against flops a byte, below "
        f"{', '.join(text for _, text in (*_memories(ceilings), *peaks))}.",
        columns=[
            *name_columns(table),
            *("flops_per_byte", "gflop_per_s", "level", "bound_by", "attainable_gflop_per_s", "share_of_roof"),
        ],
        lines=[name_cells(table, point) | _numbers(place) for point, place in places.items()],
        points=points,
        views=[_view(points, names, chart.isas(shown), ceilings, x, y)],
        beside=beside,
        inks=chart.inks(names),
    )


def _numbers(place: Placed) -> dict[str, str | float]:
    return {
        "flops_per_byte": place.intensity,
        "gflop_per_s": place.gflops,
        "level": place.level,
        "bound_by": place.bound,
        "attainable_gflop_per_s": place.attainable,
        "share_of_roof": place.gflops / place.attainable,
    }


def _told(point: Point, place: Placed, caches: Mapping[str, int]) -> dict[str, Any]:
    roof = f"{rate(place.gflops / place.attainable)} of {rate(place.attainable)} GFLOP/s ({place.bound})"
    more = {"intensity": rate(place.intensity), "roof": roof}
    return chart.told(point, caches) | more | {"x": place.intensity, "y": place.gflops}


def _domains(found: Sequence[Placed], ceilings: Roofs) -> tuple[tuple[float, float], tuple[float, float]]:
    """Of both axes: all points, the ridges, and room above for the roofs' names."""
    widths = [ceilings.bandwidth(level) for level in ceilings.memory]
    left = min(*(place.intensity for place in found), ceilings.peak / max(widths)) / 2.5
    right = max(*(place.intensity for place in found), ceilings.peak / min(widths)) * 2.5
    low = min(place.gflops for place in found) / 2
    high = max(ceilings.peak, *(place.gflops for place in found)) * 1.05
    return (left, right), (low, low * (high / low) ** (_HEIGHT / (_HEIGHT - _NAMES)))


def _together(values: Mapping[str, float], unit: str) -> list[tuple[float, str]]:
    """Roofs and their names, from the highest down. Those that lie close share a name, at the highest of them."""
    found: list[tuple[float, list[str]]] = []
    for name, value in sorted(values.items(), key=lambda item: -item[1]):
        if found and found[-1][0] < _APART * value:
            found[-1][1].append(name)
        else:
            found.append((value, [name]))
    order = [*values]
    return [(value, f"{', '.join(sorted(names, key=order.index))} {rate(value)} {unit}") for value, names in found]


def _memories(ceilings: Roofs) -> list[tuple[float, str]]:
    return _together({level: ceilings.bandwidth(level) for level in ceilings.memory}, "GB/s")


def _view(
    points: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    sets: Sequence[str],
    ceilings: Roofs,
    x_domain: tuple[float, float],
    y_domain: tuple[float, float],
) -> Spec:
    (left, right), (low, _) = x_domain, y_domain
    peak, fastest = ceilings.peak, max(map(ceilings.bandwidth, ceilings.memory))
    slopes = [
        {"x": max(left, low / width), "y": max(left * width, low), "x2": peak / width, "y2": peak}
        for width in map(ceilings.bandwidth, ceilings.memory)
    ]
    levels = [{"x": top / fastest, "y": top, "x2": right, "y2": top} for top in ceilings.arithmetic.values()]
    above = [{"x": peak / width, "y": peak, "text": text} for width, text in _memories(ceilings)]
    beside = [{"y": top, "text": text} for top, text in _together(ceilings.arithmetic, "GFLOP/s")]
    ticks = {"values": chart.steps(left, right), "format": "~g"}
    x = chart.axis("x", "flops for a byte that must be moved (log)", x_domain, log=True, **ticks)
    y = chart.axis("y", "useful GFLOP/s (log)", y_domain, log=True, values=chart.steps(low, peak * 1.2), format="~g")
    y["axis"] |= {"minExtent": _LEFT - 18, "maxExtent": _LEFT - 18, "titlePadding": 2}
    place, text = {"x": x, "y": y}, {"text": {"field": "text"}}
    offset = {"dx": {"expr": "datum.dx"}, "dy": {"expr": "datum.dy"}, "baseline": "middle"}
    name = {"text": {"field": "shape"}}
    told = chart.tooltip(points, intensity="flops a byte", roof="of its roof")
    dots = place | {"color": chart.colour(names), "shape": chart.shape(sets), "tooltip": told}
    return {
        "height": _HEIGHT,
        "transform": [SHOWN],
        "layer": [
            {"data": {"values": [*slopes, *levels]}}
            | mark("rule", place | {"x2": {"field": "x2"}, "y2": {"field": "y2"}}, style="roof"),
            {"data": {"values": above}}
            | mark("text", place | text, style="words", angle=300, align="left", dx=6, baseline="middle"),
            {"data": {"values": beside}}
            | mark("text", {"x": {"value": "width"}, "y": y} | text, style="words", align="left", dx=5),
            keyed(chart.dots(dots)),
            *only(
                "dx",
                mark(
                    "rule",
                    place | {"x2": {"field": "x"}, "y2": {"field": "y"}},
                    style="roof",
                    strokeWidth=0.7,
                    x2Offset={"expr": "datum.dx"},
                    y2Offset={"expr": "datum.dy"},
                ),
                mark("text", place | name, style="halo", **offset),
                mark("text", place | name, style="words", **offset),
            ),
        ],
    }


def _offsets(
    places: Mapping[Point, Placed], x: tuple[float, float], y: tuple[float, float], beside: int
) -> dict[Point, dict[str, int]]:
    """Where the name of each shape stands, in pixels from its best point: as near as covers neither another name nor
    another point, whether the figure is narrow or wide. A name without such a place is left to the tooltip."""
    best = {crown.winner.shape: crown.winner for crown in curves.crowns(places)}
    widths = [_NARROW - beside, WIDTH - beside]
    dots = [[_spot(place, x, y, width) for place in places.values()] for width in widths]
    taken: list[list[tuple[float, float, float]]] = [[], []]  # of both widths: middles and half a width
    found = {}
    for shape in evenly([*best], _MOST_NAMED):
        half = letters(shape) / 2 + 2
        spots = [_spot(places[best[shape]], x, y, width) for width in widths]
        for dx, dy in _STEPS:
            middles = [(u + dx, v + dy) for u, v in spots]
            if all(
                half <= u <= width - half
                and 8 <= v <= _HEIGHT - 8
                and not any(abs(u - a) < half + 6 and abs(v - b) < 13 for a, b in of_width)
                and not any(abs(u - a) < half + b and abs(v - c) < 14 for a, c, b in names)
                for (u, v), width, of_width, names in zip(middles, widths, dots, taken, strict=True)
            ):
                found[best[shape]] = {"dx": dx, "dy": dy}
                for names, (u, v) in zip(taken, middles, strict=True):
                    names.append((u, v, half))
                break
    return found


_STEPS = sorted(itertools.product(range(-120, 121, 6), range(-120, 121, 6)), key=lambda step: math.hypot(*step))


def _spot(place: Placed, x: tuple[float, float], y: tuple[float, float], width: int) -> tuple[float, float]:
    """In pixels from the view's upper left corner."""
    across = math.log(place.intensity / x[0]) / math.log(x[1] / x[0])
    up = math.log(place.gflops / y[0]) / math.log(y[1] / y[0])
    return across * width, (1 - up) * _HEIGHT
