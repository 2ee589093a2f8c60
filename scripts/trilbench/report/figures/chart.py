"""What all figures are made of: Vega-Lite specifications without a theme's colours, and the numbers of their points.

Colours come by the theme's configuration (make.themed): a mark names a style ("quiet", "rule"), and the colours of
implementations are the range of a scale whose domain stands in the specification."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trilbench.report.curves import Point, home, working_set
from trilbench.report.figures.palette import both, short, symbol
from trilbench.report.table import PEER, Table, variant_order
from trilbench.results.names import size_text
from trilbench.results.statistics import Summary
from trilbench.results.units import binary_bytes, count, duration, rate, share

Spec = dict[str, Any]
Row = Mapping[str, str | float | int]

WIDTH = 720  # pixels of a picture
SMALL = 11  # pixels of the smallest letters
_LETTER = 0.58  # of its height is a letter's width at most, on average


@dataclass(frozen=True)
class Drawing:
    """A figure that can be drawn: its words, its data and its specification but what all figures share."""

    title: str
    caption: str
    alt: str
    columns: Sequence[str]
    lines: Sequence[Row]  # of the CSV, one per point
    points: Sequence[Row]  # the marks' data
    views: Sequence[Spec]  # one below the other
    beside: int  # pixels left and right of the views, for names and numbers
    inks: Sequence[tuple[str, str]] = field(default=())  # of the scale of colours: for light pages and for dark ones


@dataclass(frozen=True)
class Nothing:
    """Why there is no such figure."""

    reason: str


def letters(words: str, size: float = SMALL) -> int:
    """Pixels that the words take at most."""
    return round(len(words) * size * _LETTER)


def title(table: Table, what: str) -> str:
    return f"{short(table.operation)}: {what}, {count(table.threads, 'thread')}"


def name_columns(table: Table) -> list[str]:
    """What says which point a line of a CSV is."""
    return ["operation", "omp_threads", "implementation", "isa", "shape", *table.axis_names]


def name_cells(table: Table, point: Point) -> dict[str, str | int]:
    return {
        "operation": table.operation,
        "omp_threads": table.threads,
        "implementation": point.implementation,
        "isa": point.isa,
        "shape": point.shape,
        **{axis: size_text(size) for axis, size in point.axes},
    }


def implementations(found: Iterable[Point]) -> list[str]:
    """From plain to learned; libraries last."""
    first = {point.implementation: (point.isa == PEER, variant_order(point.variant)) for point in reversed([*found])}
    return sorted(first, key=lambda name: first[name])


def inks(names: Iterable[str]) -> list[tuple[str, str]]:
    return [both(name) for name in names]


def isas(found: Iterable[Point]) -> list[str]:
    """From narrow to wide, the compiler's before ours."""
    return sorted({point.isa for point in found}, key=lambda isa: variant_order(f"_/{isa}"))


# The numbers of a point, as its tooltip tells them.

TOLD = {
    "key": "implementation",
    "isa": "instruction set",
    "shape": "shape",
    "time": "time",
    "limit": "share of the limit",
    "peak": "share of the peak",
    "flops": "GFLOP/s",
    "bytes": "GB/s",
    "data": "data",
}


def told(point: Point, caches: Mapping[str, int] | None = None) -> dict[str, str]:
    """Every number of a point, with its unit and its middle 80 %."""
    entry = point.entry
    numbers = {
        "key": point.implementation,
        "isa": point.isa,
        "shape": point.shape,
        "time": spread(entry.times, duration),
        "limit": spread(entry.of_limit, share) if entry.of_limit else "",
        "peak": spread(entry.of_peak, share) if entry.of_peak else "",
        "flops": rate(entry.flops_per_second / 1e9) if entry.flops_per_second else "",
        "bytes": rate(entry.bytes_per_second / 1e9) if entry.bytes_per_second else "",
        "data": " in ".join(filter(None, (binary_bytes(working_set(point)), home(working_set(point), caches or {})))),
    }
    return {key: text for key, text in numbers.items() if text}


def spread(summary: Summary, text: Any) -> str:
    """The median, and from where to where the middle 80 % of the repetitions reach."""
    return f"{text(summary.median)} ({text(summary.p10)} to {text(summary.p90)})"


def tooltip(points: Sequence[Row], **more: str) -> list[Spec]:
    """Of what the points tell; `more` are further fields and their titles."""
    fields = {**TOLD, **more}
    return [{"field": key, "title": fields[key]} for key in fields if any(key in point for point in points)]


# Parts of specifications.


def colour(names: Sequence[str]) -> Spec:
    """Of implementations or verdicts, with a key above the figure."""
    legend = {"columns": _columns(names), "symbolType": "circle"}
    return {"field": "key", "type": "nominal", "scale": {"domain": list(names)}, "legend": legend}


def keyed(layer: Spec) -> Spec:
    """The one layer of a figure that the key belongs to: a click on a name there hides it, in all layers."""
    ink = layer["encoding"]["color"]
    dimmed = {"condition": {"test": _IS_HIDDEN, "value": 0.45}, "value": 1}
    legend = {"legend": ink["legend"] | {"encoding": {"labels": {"opacity": dimmed}}}}
    return layer | {"name": "marks", "encoding": layer["encoding"] | {"color": ink | legend}}


_IS_HIDDEN = "hidden.key && indexof(hidden.key, datum.value) >= 0"
HIDES: Spec = {  # the parameter of a figure with a key
    "name": "hidden",
    "select": {"type": "point", "fields": ["key"], "toggle": "true"},
    "bind": "legend",
    "views": ["marks"],
}
SHOWN: Spec = {"filter": {"not": {"param": "hidden", "empty": False}}}


def shape(sets: Sequence[str]) -> Spec:
    """Of instruction sets: a symbol each, hollow where the compiler chose the instructions."""
    return {
        "field": "isa",
        "type": "nominal",
        "scale": {"domain": list(sets), "range": [symbol(isa) for isa in sets]},
        "legend": {"columns": _columns(sets)} if len(sets) > 1 else None,
    }


def _columns(names: Sequence[str]) -> Spec:
    """As many as the figure's width has room for."""
    each = max(min(letters(name), 170) for name in names) + 34
    return {"expr": f"max(1, floor(outer / {each}))"}


def axis(field_: str, heading: str | None, domain: Sequence[float], log: bool = False, **more: Any) -> Spec:
    """A scale of numbers with its axis; `more` are properties of that."""
    scale: Spec = {"domain": list(domain), "nice": False} | ({"type": "log"} if log else {"zero": False})
    return {
        "field": field_,
        "type": "quantitative",
        "scale": scale,
        "title": heading,
        "axis": {"values": more.pop("values", None), "labelOverlap": "greedy"} | more,
    }


def mark(kind: str, encoding: Spec, **more: Any) -> Spec:
    """A layer; `more` are properties of its mark."""
    return {"mark": {"type": kind} | more, "encoding": encoding}


def dots(encoding: Spec, size: int = 60) -> Spec:
    """A layer of symbols, each with an edge of the page's colour."""
    return mark("point", encoding, filled=True, size=size, opacity=1, style="edged", strokeWidth=0.8)


def only(field: str, *layers: Spec) -> list[Spec]:
    """The layers, each of the points that have the field."""
    return [{"transform": [{"filter": f"isValid(datum.{field})"}]} | layer for layer in layers]


def wrapped(text: str, width: int = WIDTH, most: int = 2) -> list[str]:
    """The words in lines that the picture has room for."""
    return textwrap.wrap(text, round(width / SMALL / 0.53), max_lines=most, placeholder="…", break_long_words=True)


def steps(low: float, high: float, most: int = 8) -> list[float]:
    """Ticks of a logarithmic axis: powers of ten, each or every second or third; 1, 2 and 5 times them if they are
    few."""
    tens = [10.0**n for n in range(-15, 16)]
    for every in (tens, [times * ten for ten in tens for times in (1, 2, 5)]):
        found = [value for value in every if low <= value <= high * 1.0001]
        if len(found) > 2:
            break
    return found[:: 1 + len(found) // most]


def apart(places: Sequence[float], least: float, most: float) -> list[float]:
    """Ascending places moved as little as may be so that neighbours are `least` apart, and all within 0 and `most`."""
    groups: list[tuple[float, int]] = []  # mean of what they want, number
    for place in places:
        groups.append((place, 1))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < least * (groups[-1][1] + groups[-2][1]) / 2:
            (a, m), (b, n) = groups[-2:]
            groups[-2:] = [((a * m + b * n) / (m + n), m + n)]
    moved = [mean + least * (i - (number - 1) / 2) for mean, number in groups for i in range(number)]
    moved = [max(place, least * i) for i, place in enumerate(moved)]
    return [min(place, most - least * (len(moved) - 1 - i)) for i, place in enumerate(moved)]
