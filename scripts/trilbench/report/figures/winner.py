"""A map of who wins: a column for each T, a row for the other axes, a cell for each shape that was measured."""

from collections.abc import Mapping

from trilbench.report import curves
from trilbench.report.answer import Win
from trilbench.report.curves import Point
from trilbench.report.figures import chart
from trilbench.report.figures.chart import Drawing, Nothing, Row, letters, mark
from trilbench.report.figures.palette import short
from trilbench.report.table import Table
from trilbench.results.names import size_text
from trilbench.results.units import count, factor

_ROW = 40  # pixels
_NARROW = 64  # a cell that has no room for a name


def winner(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """Of an operation without T, a column for each shape."""
    found = curves.winners(table)
    if not found:
        return Nothing("no row has a time")
    won = [point for point, _ in found]
    names = chart.implementations(won)
    has_t = "T" in table.axis_names
    columns = sorted({point.sizes["T"] for point in won}) if has_t else [point.shape for point in won]
    lines = list(dict.fromkeys(_line(point, has_t) for point in sorted(won, key=_from_above)))
    extent = max(map(letters, lines))
    beside = extent + 32
    angle = {"labelAngle": 0 if has_t else -20, "labelLimit": 130, "ticks": False, "domain": False}
    left = {"ticks": False, "domain": False, "minExtent": extent, "maxExtent": extent}
    x = {"field": "_column", "type": "ordinal", "scale": {"domain": columns, "paddingInner": 0.04}, "axis": angle}
    y = {"field": "_line", "type": "ordinal", "scale": {"domain": lines, "paddingInner": 0.06}, "axis": left}
    place = {"x": x | {"title": "T" if has_t else None}, "y": y | {"title": None}}
    wide = f"(outer - {beside}) / {len(columns)}"
    text = {"style": "on-mark", "limit": {"expr": f"{wide} - 6"}}
    named = {"expr": f"{wide} < {_NARROW} ? '' : datum._name"}
    layers = [
        chart.keyed(mark("rect", place | {"color": chart.colour(names)}, cornerRadius=3)),
        mark("text", place, text=named, dy=-7, fontWeight="bold", **text),
        mark("text", place | {"text": {"field": "_lead"}}, dy=8, **text),
    ]
    seconds = {(point.variant, point.shape): point.entry.seconds for point in curves.points(table)}
    level = sum(win.next.level for _, win in found if win.next)
    return Drawing(
        title=chart.title(table, "which implementation wins"),
        caption="The best implementation by its share of the limit, and how many times as fast as the next one it is. "
        f"≈: the run cannot tell the two apart (at {count(level, 'shape')}).",
        alt=f"Which implementation of {table.operation} wins at {count(len(found), 'shape')}: "
        + "; ".join(f"{point.implementation} at {point.shape}" for point in won)
        + ".",
        rows=[
            chart.numbers(table, point, caches)
            | {"_column": point.sizes["T"] if has_t else point.shape, "_line": _line(point, has_t)}
            | {"_name": short(point.implementation), "_lead": ""}
            | _lead(win, seconds)
            for point, win in found
        ],
        views=[{"height": _ROW * len(lines), "layer": layers}],
        beside=beside,
        names=names,
        told={"second": "the next", "second_time_ns": "its time", "margin": "times as fast"},
    )


def _line(point: Point, has_t: bool) -> str:
    return ", ".join(f"{axis} = {size_text(size)}" for axis, size in reversed(point.others)) if has_t else ""


def _from_above(point: Point) -> list[int]:
    """The largest last axis above."""
    return [-size for axis, size in reversed(point.sizes.items()) if axis != "T"]


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
