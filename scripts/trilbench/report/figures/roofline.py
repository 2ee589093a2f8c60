"""What bounds each implementation: arithmetic, or the memory that holds its data."""

import itertools
import math
from collections.abc import Mapping, Sequence

from trilbench.report import curves
from trilbench.report.figures import chart
from trilbench.report.figures.chart import WIDTH, Drawing, Nothing, Row, Spec, letters, mark, only
from trilbench.report.limits import Placed, Roofs, placed, roofs
from trilbench.report.table import Entry, Table
from trilbench.results.statistics import evenly
from trilbench.results.units import rate

_HEIGHT, _ABOVE = 380, 84  # pixels of the view, and those of them for the roofs' names
_NARROW = 359  # the least width of a figure: what is named there is named in wider ones
_MOST_NAMED = 12  # shapes
_APART = 1.5  # roofs closer than this factor share a label

Domain = tuple[float, float]


def roofline(table: Table, machine: Table | None, caches: Mapping[str, int]) -> Drawing | Nothing:
    """`machine` holds the rows of the machine's limits at the same number of threads."""
    ceilings = roofs(machine, caches) if machine else None
    if not ceilings:
        return Nothing("the run has not measured the machine's limits; scripts/bench does without --operations")
    best = curves.best_sets(table.entries)
    places = {entry: place for entry in best if (place := placed(entry, ceilings, caches))}
    if not places:
        return Nothing("no row has flops and bytes")
    names = chart.implementations(places)
    memory = _together(ceilings.memory)
    peaks = sorted(ceilings.arithmetic.items(), key=lambda item: item[1])
    arithmetic = [(peak, f"{isa} {rate(peak)} GFLOP/s") for isa, peak in peaks]
    beside = 64 + max(letters(text) for _, text in arithmetic)
    x, y = _domains([*places.values()], ceilings)
    ridges = [(ceilings.peak / width, ceilings.peak, text) for width, text in memory]
    winners = [win.entry for win in curves.winners(table) if win.entry in places]
    offsets = _offsets(places, winners, ridges, x, y, beside)
    xy = {
        "x": chart.axis("_x", "flops for a byte that must be moved (log)", x, 10),
        "y": chart.axis("_y", "useful GFLOP/s (log)", y, 10),
    }
    dots = chart.keyed(chart.dots(xy | {"color": chart.colour(names), "shape": chart.isas(places)}))
    layers = [*_roofs(xy, ceilings, memory, arithmetic, x, y), dots, *_names(xy)]
    return Drawing(
        title=chart.title(table, "roofline"),
        caption="Useful flops in a second against those for each byte that must be moved (algorithmic bytes, not "
        "counted ones), below what the machine gave copies and FMA loops. The winner at a shape is named.",
        alt=f"Roofline of the implementations of {table.operation}: GFLOP/s against flops a byte, below "
        f"{', '.join(text for _, text in (*memory, *arithmetic))}.",
        rows=[
            chart.numbers(entry, caches) | _numbers(place) | offsets.get(entry, {}) for entry, place in places.items()
        ],
        views=[{"height": _HEIGHT, "layer": layers}],
        beside=beside,
        names=names,
        told={
            "flops_per_byte": "flops a byte",
            "share_of_roof": "share of its roof",
            "attainable_gflop_per_s": "which is at GFLOP/s",
            "bound_by": "bound by",
        },
    )


def _numbers(place: Placed) -> Row:
    return {
        "flops_per_byte": place.intensity,
        "attainable_gflop_per_s": place.attainable,
        "share_of_roof": place.gflops / place.attainable,
        "bound_by": place.bound,
        "_x": place.intensity,
        "_y": place.gflops,
    }


def _domains(found: Sequence[Placed], ceilings: Roofs) -> tuple[Domain, Domain]:
    """Of both axes: all points, the ridges, and room above for the roofs' names."""
    across = [place.intensity for place in found]
    across += [ceilings.peak / width for width in ceilings.memory.values()]
    low = min(place.gflops for place in found) / 2
    high = max(ceilings.peak, *(place.gflops for place in found)) * 1.05
    return (min(across) / 2.5, max(across) * 2.5), (low, low * (high / low) ** (_HEIGHT / (_HEIGHT - _ABOVE)))


def _together(values: Mapping[str, float]) -> list[tuple[float, str]]:
    """Roofs of memory and their names, from the highest down. Those that lie close share a name, at the highest."""
    found: list[tuple[float, list[str]]] = []
    for name, value in sorted(values.items(), key=lambda item: -item[1]):
        if found and found[-1][0] < _APART * value:
            found[-1][1].append(name)
        else:
            found.append((value, [name]))
    order = [*values]
    return [(value, f"{', '.join(sorted(names, key=order.index))} {rate(value)} GB/s") for value, names in found]


def _roofs(
    xy: Spec,
    ceilings: Roofs,
    memory: Sequence[tuple[float, str]],
    arithmetic: Sequence[tuple[float, str]],
    x: Domain,
    y: Domain,
) -> list[Spec]:
    """Memory slopes up to the peak, and is named above it; each instruction set's peak is named right of the view."""
    peak, widths = ceilings.peak, [*ceilings.memory.values()]
    starts = [(max(x[0], y[0] / width), width) for width in widths]
    lines = [{"_x": at, "_y": at * width, "_x2": peak / width, "_y2": peak} for at, width in starts]
    lines += [{"_x": top / max(widths), "_y": top, "_x2": x[1], "_y2": top} for top in ceilings.arithmetic.values()]
    above = [{"_x": peak / width, "_y": peak, "text": text} for width, text in memory]
    scale = _HEIGHT / math.log(y[1] / y[0])
    tops = chart.apart([math.log(top / y[0]) * scale for top, _ in arithmetic], 13, _HEIGHT)
    right = [
        {"_y": y[0] * math.exp(top / scale), "text": text} for top, (_, text) in zip(tops, arithmetic, strict=True)
    ]
    text = {"text": {"field": "text"}}
    ends = {"x2": {"field": "_x2"}, "y2": {"field": "_y2"}}
    return [
        mark("rule", xy | ends, data=lines, style="roof"),
        mark("text", xy | text, data=above, style="words", angle=300, align="left", dx=6, baseline="middle"),
        mark("text", xy | {"x": {"value": "width"}} | text, data=right, style="words", align="left", dx=5),
    ]


def _names(xy: Spec) -> list[Spec]:
    offset = {"dx": {"expr": "datum._dx"}, "dy": {"expr": "datum._dy"}, "baseline": "middle"}
    lead = {"x2Offset": offset["dx"], "y2Offset": offset["dy"], "strokeWidth": 0.7}
    name = xy | {"text": {"field": "shape"}}
    return only(
        "_dx",
        mark("rule", xy | {"x2": {"field": "_x"}, "y2": {"field": "_y"}}, style="roof", **lead),
        mark("text", name, style="halo", **offset),
        mark("text", name, style="words", **offset),
    )


def _offsets(
    places: Mapping[Entry, Placed],
    winners: Sequence[Entry],
    ridges: Sequence[tuple[float, float, str]],
    x: Domain,
    y: Domain,
    beside: int,
) -> dict[Entry, Row]:
    """Where the name of each shape stands, in pixels from its winner: as near as covers no other name, nor
    another point, whether the figure is narrow or wide. A name without such a place is left to the tooltip."""

    def spot(intensity: float, gflops: float, width: int) -> tuple[float, float]:
        across = math.log(intensity / x[0]) / math.log(x[1] / x[0])
        up = math.log(gflops / y[0]) / math.log(y[1] / y[0])
        return across * width, (1 - up) * _HEIGHT

    views = {_NARROW - beside: [], WIDTH - beside: []}  # of each width: what is covered, as middles and half widths
    for width, taken in views.items():
        taken += [(*spot(place.intensity, place.gflops, width), 6.0) for place in places.values()]
        for ridge, peak, text in ridges:  # whose names rise at 60 degrees
            u, v = spot(ridge, peak, width)
            taken += [(u + step / 2, v - 0.866 * step, 10.0) for step in range(0, letters(text) + 12, 8)]
    found: dict[Entry, Row] = {}
    for winner in evenly(winners, _MOST_NAMED):
        half = letters(winner.name.shape) / 2 + 2
        place = places[winner]
        spots = {width: spot(place.intensity, place.gflops, width) for width in views}
        for dx, dy in _STEPS:
            if all(
                half <= u + dx <= width - half
                and 8 <= v + dy <= _HEIGHT - 8
                and not any(abs(u + dx - a) < half + b and abs(v + dy - c) < 14 for a, c, b in views[width])
                for width, (u, v) in spots.items()
            ):
                found[winner] = {"_dx": dx, "_dy": dy}
                for width, (u, v) in spots.items():
                    views[width].append((u + dx, v + dy, half))
                break
    return found


_STEPS = sorted(itertools.product(range(-120, 121, 6), range(-120, 121, 6)), key=lambda step: math.hypot(*step))
