"""Times over the runs of one machine: a panel for each benchmark, commits on the axis they share."""

import json
from collections.abc import Sequence
from typing import Any

from trilbench.history.series import Series
from trilbench.history.store import History
from trilbench.history.verdict import Judged, Verdict
from trilbench.report.figures import chart
from trilbench.report.figures.chart import SHOWN, WIDTH, Drawing, Spec, keyed, mark, only
from trilbench.report.figures.make import Figure, figure
from trilbench.report.table import variant_order
from trilbench.results.names import Size
from trilbench.results.statistics import evenly, quantile
from trilbench.results.units import count, duration, percent

MOST_PANELS = 12
_PANEL, _LEFT = 84, 64  # pixels: a panel's height, and what lies left of it
_LEAST_RANGE = 0.10  # of the times; less would make mountains of noise
_MOST_COMMITS = 16  # named below the last panel
_STATES = {"counts": "avx512", "disturbed": "auto-avx512", "beyond the edge": "sse2", "baseline": "auto-peer"}
_TOLD = {"run": "run", "commit": "commit", "time": "time", "limit": "share of the limit", "state": "run's state"}


def history_figure(history: History, verdict: Verdict, most: int = MOST_PANELS) -> Figure | None:
    """The judged series, `most` of them at most. None if there is nothing to draw."""
    chosen = pick(verdict.judged, most)
    if not chosen:
        return None
    cores = count(history.machine.cores, "core") if isinstance(history.machine.cores, int) else ""
    since, until = history.runs[0].started[:10], history.runs[-1].started[:10]
    names = list(dict.fromkeys(each.series.name.implementation for each in chosen))
    views, points = [], []
    for i, each in enumerate(chosen):
        low, high, unit = _heights(each)
        points += _points(history, each, i, low, high, unit)
        views.append(_view(history, chosen, i, low / unit[0], high / unit[0], unit[1], names))
    drawing = Drawing(
        title="time of a call, run by run",
        caption="Every dot is a run's median, with its p10 and p90; a level line is a stretch without a change, a "
        "vertical one a change for good, dashed where the code is not its cause." + left_out(verdict, most),
        alt=f"Times of {count(len(chosen), 'benchmark')} over {count(len(history.runs), 'run')}, with "
        f"{count(sum(len(each.changes) for each in chosen), 'change')} of level.",
        columns=_COLUMNS,
        lines=[line for each in chosen for line in _lines(history, each)],
        points=points,
        views=views,
        beside=_LEFT + 24,
        inks=chart.inks(names),
    )
    known = (history.machine.cpu, cores, count(len(history.runs), "run"), f"{since} to {until}")
    return figure(f"history-{history.key}", drawing, " · ".join(filter(None, known)))


def left_out(verdict: Verdict, most: int = MOST_PANELS) -> str:
    """A sentence on what the figure has no room for; empty if it shows everything."""
    missing = len(verdict.judged) - most
    return f" {count(missing, 'more benchmark')} not shown: choose with --select." if missing > 0 else ""


_COLUMNS = (
    *("benchmark", "conditions", "run", "started", "commit", "dirty", "counts", "baseline"),
    *("median_seconds", "p10_seconds", "p90_seconds", "of_limit", "level_seconds", "change"),
)


def _lines(history: History, each: Judged) -> list[dict[str, str | float | int]]:
    changes = {change.after: change.ratio for change in each.changes}
    lines = []
    for point in each.series.points:
        run = history.runs[point.place]
        level = next((level.seconds for level in each.levels if level.first <= point.place <= level.last), "")
        lines.append(
            {
                "benchmark": each.series.name.text,
                "conditions": each.series.apart,
                "run": run.name,
                "started": run.started,
                "commit": run.commit,
                "dirty": "" if run.dirty is None else int(run.dirty),
                "counts": int(point.counts),
                "baseline": int(point.place in history.baseline_places),
                "median_seconds": point.row.median,
                "p10_seconds": point.row.p10,
                "p90_seconds": point.row.p90,
                "of_limit": "" if point.row.of_limit is None else point.row.of_limit,
                "level_seconds": level,
                "change": changes.get(point.place, ""),
            }
        )
    return lines


def _heights(each: Judged) -> tuple[float, float, tuple[float, str]]:
    """From where to where a panel reaches, and its unit. Every level is in sight, and all but the oddest times: one
    spike must not make a line of the others."""
    seconds = [point.row.median for point in each.series.counted or each.series.points]
    levels = [level.seconds for level in each.levels]
    low, high = min([quantile(seconds, 0.05), *levels]), max([quantile(seconds, 0.95), *levels])
    spare = max(_LEAST_RANGE * high - (high - low), 0.3 * (high - low)) / 2
    unit = next((unit for unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")) if high >= unit[0]), (1e-9, "ns"))
    return low - spare, high + 1.8 * spare, unit  # above: the changes' numbers


def _points(
    history: History, each: Judged, panel: int, low: float, high: float, unit: tuple[float, str]
) -> list[dict[str, Any]]:
    own = {"key": each.series.name.implementation, "panel": panel}
    places = history.baseline_places
    found: list[dict[str, Any]] = []
    for point in each.series.points:
        run, row = history.runs[point.place], point.row
        seen = min(max(row.median, low + 0.04 * (high - low)), high - 0.04 * (high - low))
        state = "counts" if point.counts else "disturbed"
        state = "beyond the edge" if seen != row.median else "baseline" if point.place in places else state
        found.append(
            own
            | {"x": point.place, "y": seen / unit[0], "state": state, "run": run.name, "commit": run.label}
            | {"low": max(row.p10, low) / unit[0], "high": min(row.p90, high) / unit[0]}
            | {"time": f"{duration(row.median)} ({duration(row.p10)} to {duration(row.p90)})"}
            | ({"limit": f"{row.of_limit:.2f}"} if row.of_limit is not None else {})
        )
    stretches = [(level.first - 0.3, level.last + 0.3, level.seconds, "level") for level in each.levels]
    if held := [level for level in each.levels if places and level.first <= places[-1]]:
        stretches.append((places[-1], len(history.runs) - 0.3, held[-1].seconds, "since"))
    found += [own | {"x": a, "x2": b, kind: seconds / unit[0]} for a, b, seconds, kind in stretches]
    for change in each.changes:
        place = (change.before + change.after) / 2
        kind = "advisory" if change.advisory else "change"
        late = place > 0.8 * len(history.runs)
        found.append(own | {kind: place, "late" if late else "early": place, "text": percent(change.ratio)})
    return found


def _view(
    history: History, chosen: Sequence[Judged], panel: int, low: float, high: float, unit: str, names: Sequence[str]
) -> Spec:
    last = panel == len(chosen) - 1
    places = _named(history, chosen)
    labels = [history.runs[place].label for place in places]
    x = chart.axis("x", None, (-0.8, len(history.runs) - 0.2), values=places, grid=False)
    x["axis"] |= {"labels": last, "ticks": last, "labelAngle": -90, "labelOverlap": False}
    if last:
        x["axis"]["labelExpr"] = f"{json.dumps(labels)}[indexof({places}, datum.value)]"
    y = chart.axis("y", unit, (low, high), tickCount=3, minExtent=_LEFT - 22, maxExtent=_LEFT - 22)
    ink = {"x": x, "y": y, "color": chart.colour(names)}
    domain = [*_STATES]
    state = {"domain": domain, "range": [chart.symbol(_STATES[each]) for each in domain]}
    shape = {"field": "state", "type": "nominal", "scale": state, "legend": {}}
    tooltip = [{"field": key, "title": title} for key, title in _TOLD.items()]
    dots = mark("point", ink | {"shape": shape, "tooltip": tooltip}, filled=True, size=34, opacity=1)
    along = {"x2": {"field": "x2"}}

    def number(field: str, **place: Any) -> list[Spec]:
        text = {"x": x | {"field": field}, "y": {"value": 0}, "text": {"field": "text"}}
        return only(field, mark("text", text, style="words", baseline="top", **place))

    name = chosen[panel].series.title
    if len({each.series.name.operation for each in chosen}) == 1:
        name = name.partition("/")[2]
    title = {"text": name, "fontSize": 12, "fontWeight": "normal", "offset": 6, "limit": WIDTH - _LEFT}
    return {
        "title": title,
        "height": _PANEL,
        "transform": [{"filter": f"datum.panel === {panel}"}, SHOWN],
        "layer": [
            *only("change", mark("rule", {"x": x | {"field": "change"}}, style="rule")),
            *only("advisory", mark("rule", {"x": x | {"field": "advisory"}}, style="guide")),
            *only("since", mark("rule", {"x": x, "y": y | {"field": "since"}} | along, style="guide")),
            *only("low", mark("rule", ink | {"y": y | {"field": "low"}, "y2": {"field": "high"}}, strokeWidth=1)),
            *only("level", mark("rule", ink | {"y": y | {"field": "level"}} | along, strokeWidth=2)),
            *only("y", dots if panel else keyed(dots)),
            *number("early", align="left", dx=4),
            *number("late", align="right", dx=-4),
        ],
    }


def _named(history: History, chosen: Sequence[Judged]) -> list[int]:
    """The runs whose commits are named, as far as there is room: first the newest, the baseline and what changed."""
    last = len(history.runs) - 1
    told = [last, *history.baseline_places, *(change.after for each in chosen for change in each.changes)]
    found: list[int] = []
    for place in (*told, *evenly(range(last + 1), _MOST_COMMITS)):
        if all(abs(place - other) * _MOST_COMMITS * 2 > last for other in found):
            found.append(place)
    return sorted(found)


def pick(judged: Sequence[Judged], most: int) -> tuple[Judged, ...]:
    """At most `most`: first what is slower than the baseline, then what changed, then of each implementation the widest
    instruction set on one shape after the other; what the newest runs no longer measure comes last. In order of their
    names."""
    newest = max((each.series.points[-1].place for each in judged), default=0)
    turns: dict[tuple[str, str], int] = {}
    ranked = []
    for each in sorted(judged, key=lambda each: _wide_first(each.series)):
        name = each.series.name
        turn = turns[name.operation, name.implementation] = turns.get((name.operation, name.implementation), -1) + 1
        told = not each.regressed, not any(not change.advisory for change in each.changes)
        alive = each.series.points[-1].place == newest
        ranked.append(((*told, not alive, not each.series.ours, turn), each))
    chosen = [each for _, each in sorted(ranked, key=lambda pair: pair[0])[:most]]
    return tuple(sorted(chosen, key=lambda each: _order(each.series)))


def _wide_first(series: Series) -> tuple[str, str, int]:
    of_set = variant_order(f"_/{series.name.isa}")
    return series.name.operation, series.name.implementation, -of_set[-1]


def _order(series: Series) -> tuple[object, ...]:
    name = series.name
    return (
        name.operation,
        variant_order(name.variant),
        [_lengths(size) for _, size in name.axes],
        name.threads,
        series.points[0].place,
    )


def _lengths(size: Size) -> tuple[int, ...]:
    return size if isinstance(size, tuple) else (size,)
