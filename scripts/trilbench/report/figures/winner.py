"""A map of who wins: a column for each T, a row for the other axes, a cell for each shape that was measured."""

from collections.abc import Mapping, Sequence

from trilbench.report import curves
from trilbench.report.curves import Crown
from trilbench.report.figures import chart
from trilbench.report.figures.chart import (
    SHOWN,
    WIDTH,
    Drawing,
    Nothing,
    keyed,
    letters,
    mark,
    name_cells,
    name_columns,
)
from trilbench.report.figures.palette import short
from trilbench.report.table import Table
from trilbench.results.names import Size, size_text
from trilbench.results.units import count, duration, factor

_ROW = 40  # pixels
_NARROW = 64  # a cell that has no room for a name


def winner(table: Table, caches: Mapping[str, int]) -> Drawing | Nothing:
    """Of an operation without T, a column for each shape."""
    crowns = curves.crowns(curves.points(table))
    if not crowns:
        return Nothing("no row has a time")
    won = [crown.winner for crown in crowns]
    names = chart.implementations(won)
    has_t = "T" in table.axis_names
    columns = sorted({point.sizes["T"] for point in won}) if has_t else [point.shape for point in won]
    rest = {point: _rest(point.others) if has_t else "" for point in won}
    rows = list(dict.fromkeys(rest[point] for point in sorted(won, key=_from_above)))
    beside = max(map(letters, rows)) + (46 if has_t else 20)
    place = {
        "x": {
            "field": "column",
            "type": "ordinal",
            "sort": columns,
            "scale": {"domain": columns, "paddingInner": 0.04},
            "title": "T" if has_t else None,
            "axis": {"labelAngle": 0 if has_t else -20, "labelLimit": 130, "ticks": False, "domain": False},
        },
        "y": {
            "field": "row",
            "type": "nominal",
            "scale": {"domain": rows, "paddingInner": 0.06},
            "title": None,
            "axis": {"ticks": False, "domain": False} if any(rows) else None,
        },
    }
    wide = f"(outer - {beside}) / {len(columns)}"
    points = [
        chart.told(crown.winner, caches)
        | {
            "column": crown.winner.sizes["T"] if has_t else crown.winner.shape,
            "row": rest[crown.winner],
            "name": short(crown.winner.implementation),
        }
        | _lead(crown)
        for crown in crowns
    ]
    told = chart.tooltip(points, second="the next", second_time="its time", lead="times as fast")
    text = {"align": "center", "style": "on-mark", "limit": {"expr": f"{wide} - 6"}}
    named = {"expr": f"{wide} < {_NARROW} ? '' : datum.name"}
    layers = [
        keyed(mark("rect", place | {"color": chart.colour(names), "tooltip": told}, cornerRadius=3)),
        mark("text", place, text=named, dy=-7, fontWeight="bold", **text),
        mark("text", place | {"text": {"field": "margin"}}, dy=8, **text),
    ]
    level = sum(crown.level for crown in crowns)
    return Drawing(
        title=chart.title(table, "which implementation wins"),
        caption="The best implementation by its share of the limit, and how many times as fast as the next one it is. "
        f"≈: the run cannot tell the two apart(at {count(level, 'shape')}). Nothing is said of "
        "empty cells.",
        alt=f"Which implementation of {table.operation} wins at {count(len(crowns), 'shape')}: "
        + "; ".join(f"{point.implementation} at {point.shape}" for point in won)
        + ".",
        columns=[
            *name_columns(table),
            *("time_ns", "second", "second_isa", "second_time_ns", "margin", "margin_low", "margin_high", "level"),
        ],
        lines=[name_cells(table, crown.winner) | _numbers(crown) for crown in crowns],
        points=points,
        views=[{"height": _ROW * len(rows), "transform": [SHOWN], "layer": layers}],
        beside=min(beside, WIDTH // 2),
        inks=chart.inks(names),
    )


def _rest(others: Sequence[tuple[str, Size]]) -> str:
    return ", ".join(f"{axis} = {size_text(size)}" for axis, size in reversed(others))


def _from_above(point: curves.Point) -> list[int]:
    """The largest last axis above."""
    return [-size for axis, size in reversed(point.sizes.items()) if axis != "T"]


def _lead(crown: Crown) -> dict[str, str]:
    if not crown.second or not crown.lead:
        return {"margin": ""}
    most, low, high = crown.lead
    return {
        "margin": f"{'≈ ' if crown.level else ''}{factor(most)}",
        "second": crown.second.variant,
        "second_time": chart.spread(crown.second.entry.times, duration),
        "lead": f"{factor(most)} ({factor(low)} to {factor(high)}){': level' if crown.level else ''}",
    }


def _numbers(crown: Crown) -> dict[str, str | float | int]:
    found: dict[str, str | float | int] = {"time_ns": crown.winner.entry.seconds * 1e9}
    if crown.second and crown.lead:
        found |= {
            "second": crown.second.implementation,
            "second_isa": crown.second.isa,
            "second_time_ns": crown.second.entry.seconds * 1e9,
            **dict(zip(("margin", "margin_low", "margin_high"), crown.lead, strict=True)),
            "level": int(crown.level),
        }
    return found
