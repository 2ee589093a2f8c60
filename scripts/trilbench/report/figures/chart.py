"""What figures are made of: the numbers of their points, and parts of Vega-Lite specifications without a theme's
colours. Those come by make.config: a mark names a style ("quiet", "rule"), implementations have a scale's range."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trilbench.report.curves import home
from trilbench.report.figures.palette import short, symbol
from trilbench.report.table import Entry, Table, variant_order
from trilbench.results.names import PEER, size_text
from trilbench.results.statistics import Summary
from trilbench.results.units import binary_bytes, count, duration

Spec = dict[str, Any]
Row = dict[str, Any]  # of a mark, and of the CSV, which leaves out what begins with _

WIDTH = 720  # pixels of a picture
SMALL = 11  # pixels of the smallest letters
_LETTER = 0.58  # of its height is a letter's width at most, on average


@dataclass(frozen=True)
class Drawing:
    """A figure's words, data and views: what is its own of the specification."""

    title: str
    caption: str
    alt: str
    rows: Sequence[Row]
    views: Sequence[Spec]  # one below the other
    beside: int  # pixels left and right of the views, for names and numbers
    names: Sequence[str]  # of the colours
    told: Mapping[str, str] | None = None  # numbers for the tooltip, beside those of every point
    key: str = "implementation"  # the field that has the names
    inks: Sequence[tuple[str, str]] = ()  # of the names, on light pages and on dark ones; else the implementations'


@dataclass(frozen=True)
class Nothing:
    """Why there is no such figure."""

    reason: str


def letters(words: str, size: float = SMALL) -> int:
    """Pixels that the words take at most."""
    return round(len(words) * size * _LETTER)


def wrapped(text: str) -> list[str]:
    """In two lines that a picture has room for."""
    return textwrap.wrap(text, round(WIDTH / SMALL / 0.53), max_lines=2, placeholder="…")


def title(table: Table, what: str) -> str:
    return f"{short(table.operation)}: {what}, {count(table.threads, 'thread')}"


def implementations(found: Iterable[Entry]) -> list[str]:
    """From plain to learned; libraries last."""
    names = [entry.name for entry in found]
    first = {name.implementation: (name.isa == PEER, variant_order(name.variant)) for name in reversed(names)}
    return sorted(first, key=lambda name: first[name])


# Data.


def numbers(entry: Entry, caches: Mapping[str, int]) -> Row:
    """A point with everything that was measured of it."""
    name, size = entry.name, entry.working_set
    found = {
        "operation": name.operation,
        "omp_threads": name.threads,
        "implementation": name.implementation,
        "isa": name.isa,
        "shape": name.shape,
        **{axis: size_text(size) if isinstance(size, tuple) else size for axis, size in name.axes},
        **spread("time_ns", scaled(entry.times, 1e9)),
        **(spread("of_limit", entry.of_limit) if entry.of_limit else {}),
        **(spread("of_peak", entry.of_peak) if entry.of_peak else {}),
        "gflop_per_s": (entry.flops_per_second or 0) / 1e9 or None,
        "gb_per_s": (entry.bytes_per_second or 0) / 1e9 or None,
        "working_set_bytes": size,
        "memory": home(size, caches) or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def scaled(summary: Summary, by: float) -> Summary:
    return Summary(summary.minimum * by, summary.p10 * by, summary.median * by, summary.p90 * by)


def spread(key: str, summary: Summary) -> Row:
    return {key: summary.median, f"{key}_p10": summary.p10, f"{key}_p90": summary.p90}


TOLD = {  # a number: what a tooltip calls it
    "implementation": "implementation",
    "isa": "instruction set",
    "shape": "shape",
    "time_ns": "time",
    "of_limit": "of the limit",
    "of_peak": "of the FMA peak",
    "gflop_per_s": "GFLOP/s",
    "gb_per_s": "GB/s",
    "working_set_bytes": "data",
    "memory": "which fit in",
}


def told(row: Row, names: Mapping[str, str]) -> Row:
    """The numbers of a row as a tooltip shows them: with their unit and what they lie between."""
    found = {}
    for key in names:
        if key in row:
            ends = [f"{key}{end}" for end in ("_p10", "_p90", "_low", "_high") if f"{key}{end}" in row]
            texts = [_text(key, row[each]) for each in (key, *ends)]
            found[key] = "{} ({} to {})".format(*texts) if len(texts) == 3 else texts[0]
    return found


def _text(key: str, value: float | str) -> str:
    if isinstance(value, str):
        return value
    if key.endswith("_bytes"):
        return binary_bytes(value)
    if key.endswith("_ns") and value >= 1:
        return duration(value * 1e-9)
    return (f"{value:.0f}" if value >= 1000 else f"{value:.3g}") + (" ns" if key.endswith("_ns") else "")


# Parts of specifications.


def colour(names: Sequence[str], field: str = "implementation") -> Spec:
    """With a key above the figure."""
    legend = {"columns": _columns(names), "symbolType": "circle"}
    return {"field": field, "type": "nominal", "scale": {"domain": list(names)}, "legend": legend}


def shape(sets: Sequence[str], field: str = "isa") -> Spec:
    """Of instruction sets: a symbol each, hollow where the compiler chose the instructions."""
    legend = {"columns": _columns(sets)} if len(sets) > 1 else None
    scale = {"domain": list(sets), "range": [symbol(isa) for isa in sets]}
    return {"field": field, "type": "nominal", "scale": scale, "legend": legend}


def isas(found: Iterable[Entry]) -> Spec:
    """The symbols of the entries' instruction sets, from narrow to wide, the compiler's before ours."""
    return shape(sorted({entry.name.isa for entry in found}, key=lambda isa: variant_order(f"_/{isa}")))


def _columns(names: Sequence[str]) -> Spec:
    """As many as the figure's width has room for."""
    each = max(min(letters(name), 170) for name in names) + 34
    return {"expr": f"max(1, floor(outer / {each}))"}


def keyed(layer: Spec) -> Spec:
    """The one layer of a figure that the key belongs to: a click on a name there hides it, in all layers."""
    ink = layer["encoding"]["color"]
    hidden = f"hidden.{ink['field']} && indexof(hidden.{ink['field']}, datum.value) >= 0"
    dimmed = {"condition": {"test": hidden, "value": 0.45}, "value": 1}
    legend = {"legend": ink["legend"] | {"encoding": {"labels": {"opacity": dimmed}}}}
    return layer | {"name": "marks", "encoding": layer["encoding"] | {"color": ink | legend}}


SHOWN: Spec = {"filter": {"not": {"param": "hidden", "empty": False}}}


def field(name: str) -> Spec:
    return {"field": name, "type": "quantitative"}


def axis(name: str, heading: str | None, domain: Sequence[float], log: int = 0, **more: Any) -> Spec:
    """A scale of numbers with its axis, logarithmic if it has a base; `more` are properties of the axis."""
    scale = {"domain": list(domain), "nice": False} | ({"type": "log", "base": log} if log else {"zero": False})
    if log == 10 and "values" not in more:
        more |= {"values": _steps(*domain), "labelExpr": "format(datum.value, datum.value < 1e-3 ? '~e' : '~g')"}
    return field(name) | {"scale": scale, "title": heading, "axis": {"labelOverlap": "greedy"} | more}


def _steps(low: float, high: float, most: int = 8) -> list[float]:
    """Powers of ten, each or every second or third; 1, 2 and 5 times them if they are few."""
    tens = [10.0**n for n in range(-15, 16)]
    found = [value for value in tens if low <= value <= high]
    if len(found) < 3:
        found = [value for ten in tens for value in (ten, 2 * ten, 5 * ten) if low <= value <= high]
    return found[:: 1 + len(found) // most]


def mark(kind: str, encoding: Spec, *, data: Sequence[Row] | None = None, **more: Any) -> Spec:
    """A layer, of data of its own if there are; `more` are properties of its mark."""
    own = {} if data is None else {"data": {"values": data}}
    return own | {"mark": {"type": kind} | more, "encoding": encoding}


def dots(encoding: Spec, size: int = 60) -> Spec:
    """A layer of symbols, each with an edge of the page's colour."""
    return mark("point", encoding, filled=True, size=size, opacity=1, style="edged", strokeWidth=0.8)


def only(name: str, *layers: Spec) -> list[Spec]:
    """The layers, each of the rows that have the field."""
    return [{"transform": [{"filter": f"isValid(datum.{name})"}]} | layer for layer in layers]


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
