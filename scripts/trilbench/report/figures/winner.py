"""A map of who wins: a column for each T, a row for the other axes, a cell for each shape that was measured."""

from collections.abc import Mapping

from trilbench.report import curves
from trilbench.report.answer import Win
from trilbench.report.figures import chart
from trilbench.report.figures.chart import Drawing, Nothing, Row, letters, mark
from trilbench.report.figures.palette import short
from trilbench.report.table import Table
from trilbench.results.names import BenchmarkName, size_text
from trilbench.results.units import count, factor

_ROW = 40  # pixels
_NARROW = 64  # a cell that has no room for a name


def winner(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """Of an operation without T, a column for each shape."""
    found = curves.winners(table)
    if not found:
        return Nothing("no row has a time")
    won = [win.entry.name for win in found]
    names = chart.implementations(win.entry for win in found)
    columns = sorted({name.sizes["T"] for name in won}) if table.has_t else [name.shape for name in won]
    lines = list(dict.fromkeys(map(_line, sorted(won, key=_from_above))))
    extent = max(map(letters, lines))
    beside = extent + 32
    angle = {"labelAngle": 0 if table.has_t else -20, "labelLimit": 130, "ticks": False, "domain": False}
    left = {"ticks": False, "domain": False, "minExtent": extent, "maxExtent": extent}
    x = {"field": "_column", "type": "ordinal", "scale": {"domain": columns, "paddingInner": 0.04}, "axis": angle}
    y = {"field": "_line", "type": "ordinal", "scale": {"domain": lines, "paddingInner": 0.06}, "axis": left}
    place = {"x": x | {"title": "T" if table.has_t else None}, "y": y | {"title": None}}
    wide = f"(outer - {beside}) / {len(columns)}"
    text = {"style": "on-mark", "limit": {"expr": f"{wide} - 6"}}
    named = {"expr": f"{wide} < {_NARROW} ? '' : datum._name"}
    layers = [
        chart.keyed(mark("rect", place | {"color": chart.colour(names)}, cornerRadius=3)),
        mark("text", place, text=named, dy=-7, fontWeight="bold", **text),
        mark("text", place | {"text": {"field": "_lead"}}, dy=8, **text),
    ]
    seconds = {(entry.name.variant, entry.name.shape): entry.seconds for entry in table.entries}
    level = sum(win.next.level for win in found if win.next)
    return Drawing(
        title=chart.title(table, "which implementation wins"),
        caption="The best implementation by its share of the limit, and how many times as fast as the next one it is"
        f"{', libraries included' if table.peers else ''}. "
        f"≈: the run cannot tell the two apart (at {count(level, 'shape')}).",
        alt=f"Which implementation of {table.operation} wins at {count(len(found), 'shape')}: "
        + "; ".join(f"{name.implementation} at {name.shape}" for name in won)
        + ".",
        rows=[
            chart.numbers(win.entry, caches)
            | {"_column": name.sizes.get("T", name.shape), "_line": _line(name)}
            | {"_name": short(name.implementation), "_lead": ""}
            | _lead(win, seconds)
            for name, win in zip(won, found, strict=True)
        ],
        views=[{"height": _ROW * len(lines), "layer": layers}],
        beside=beside,
        names=names,
        told={"second": "the next", "second_time_ns": "its time", "margin": "times as fast"},
    )


def _line(name: BenchmarkName) -> str:
    others = [f"{axis} = {size_text(size)}" for axis, size in reversed(name.axes) if axis != "T"]
    return ", ".join(others) if "T" in name.sizes else ""


def _from_above(name: BenchmarkName) -> list[int]:
    """The largest last axis above."""
    return [-size for axis, size in reversed(name.sizes.items()) if axis != "T"]


def _lead(win: Win, seconds: Mapping[tuple[str, str], float]) -> Row:
    if not (second := win.next):
        return {}
    return {
        "second": second.variant,
        "second_time_ns": seconds[second.variant, win.shape] * 1e9,
        "margin": second.factor,
        "margin_low": second.low,
        "margin_high": second.high,
        "level": int(second.level),
        "_lead": f"{'≈ ' if second.level else ''}{factor(second.factor)}",
    }
