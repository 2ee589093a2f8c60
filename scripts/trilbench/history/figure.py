"""Times over the runs of one machine: a view for each benchmark, commits on the axis that they share."""

import json
from collections import Counter
from collections.abc import Sequence

from trilbench.history.store import History
from trilbench.history.verdict import Judged, Verdict
from trilbench.report.figures import chart
from trilbench.report.figures.chart import Drawing, Row, Spec, mark, only
from trilbench.report.figures.make import Figure, figure
from trilbench.report.table import variant_order
from trilbench.results.names import lengths, size_text
from trilbench.results.statistics import evenly, quantile
from trilbench.results.units import count, percent

MOST_PANELS = 12
_PANEL = 84  # pixels
_LEAST_RANGE = 0.10  # of the times; less would make mountains of noise
_MOST_COMMITS = 16  # named below the last view
_STATES = {"counts": "avx512", "disturbed": "auto-avx512", "beyond the edge": "sse2", "baseline": "auto-peer"}


def history_figure(verdict: Verdict, most: int = MOST_PANELS) -> Figure | None:
    """The judged series, `most` of them at most. None if there is nothing to draw."""
    history = verdict.history
    chosen = pick(verdict.judged, most)
    if not chosen:
        return None
    names = list(dict.fromkeys(each.series.name.implementation for each in chosen))
    views: list[Spec] = []
    rows: list[Row] = []
    for i, each in enumerate(chosen):
        low, high = _heights(each)
        scale, unit = next(((s, u) for s, u in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")) if high >= s), (1e-9, "ns"))
        own = {"_view": i, "_key": each.series.name.implementation}
        rows += [row | own for row in _rows(history, each, low, high, scale)]
        views.append(_view(history, chosen, i, (low / scale, high / scale), unit, names))
    drawing = Drawing(
        title="time of a call, run by run",
        caption="Every dot is a run's median, with its p10 and p90; a level line is a stretch without a change, a "
        "vertical one a change for good, dashed where the code is not its cause." + left_out(verdict, most),
        alt=f"Times of {count(len(chosen), 'benchmark')} over {count(len(history.runs), 'run')}, with "
        f"{count(sum(len(each.changes) for each in chosen), 'change')} of level.",
        rows=rows,
        views=views,
        beside=88,
        names=names,
        key="_key",
        told={"run": "run", "commit": "commit", "started": "started", "conditions": "conditions"},
    )
    cores = count(history.machine.cores, "core") if isinstance(history.machine.cores, int) else ""
    since, until = history.runs[0].started[:10], history.runs[-1].started[:10]
    known = (history.machine.cpu, cores, count(len(history.runs), "run"), f"{since} to {until}")
    return figure(f"history-{history.key}", drawing, " · ".join(filter(None, known)))


def left_out(verdict: Verdict, most: int = MOST_PANELS) -> str:
    """A sentence on what the figure has no room for; empty if it shows everything."""
    missing = len(verdict.judged) - most
    return f" {count(missing, 'more benchmark')} not shown: choose with --select." if missing > 0 else ""


def _heights(each: Judged) -> tuple[float, float]:
    """From where to where a view reaches. Every level is in sight, and all but the oddest times: one spike must not
    make a line of the others."""
    seconds = [point.row.median for point in each.series.counted or each.series.points]
    levels = [level.seconds for level in each.levels]
    low, high = min([quantile(seconds, 0.05), *levels]), max([quantile(seconds, 0.95), *levels])
    spare = max(_LEAST_RANGE * high - (high - low), 0.3 * (high - low)) / 2
    return low - spare, high + 1.8 * spare  # above: the changes' numbers


def _rows(history: History, each: Judged, low: float, high: float, scale: float) -> list[Row]:
    """Of the runs, of the levels and of the changes."""
    name, changes = each.series.name, {change.new.first: change.ratio for change in each.changes}
    baseline, found = history.baseline_places, []
    for point in each.series.points:
        run, row = history.runs[point.place], point.row
        level = [level.seconds for level in each.levels if level.first <= point.place <= level.last]
        seen = min(max(row.median, low + 0.04 * (high - low)), high - 0.04 * (high - low))
        state = "baseline" if point.place in baseline else "counts" if point.counts else "disturbed"
        found.append(
            {"benchmark": name.text, "conditions": each.series.apart, "implementation": name.implementation}
            | {"run": run.name, "started": run.started, "commit": run.commit}
            | {"dirty": "" if run.dirty is None else int(run.dirty), "counts": int(point.counts)}
            | {"baseline": int(point.place in baseline), "time_ns": row.median * 1e9}
            | {"time_ns_p10": row.p10 * 1e9, "time_ns_p90": row.p90 * 1e9}
            | ({} if row.of_limit is None else {"of_limit": row.of_limit})
            | ({"level_ns": level[0] * 1e9} if level else {})
            | ({"change": changes[point.place]} if point.place in changes else {})
            | {"_x": point.place, "_y": seen / scale, "_state": state if seen == row.median else "beyond the edge"}
            | {"_low": max(row.p10, low) / scale, "_high": min(row.p90, high) / scale}
        )
    lines = [{"_x": one.first - 0.3, "_x2": one.last + 0.3, "_level": one.seconds / scale} for one in each.levels]
    if held := [level for level in each.levels if baseline and level.first <= baseline[-1]]:
        lines.append({"_x": baseline[-1], "_x2": len(history.runs) - 0.3, "_since": held[-1].seconds / scale})
    for change in each.changes:
        place, side = (change.old.last + change.new.first) / 2, "_early"
        if place > 0.8 * len(history.runs):
            side = "_late"
        lines.append(
            {"_advisory" if change.advisory else "_change": place, side: place, "_text": percent(change.ratio)}
        )
    return found + lines


def _view(
    history: History,
    chosen: Sequence[Judged],
    number: int,
    domain: tuple[float, float],
    unit: str,
    names: Sequence[str],
) -> Spec:
    last = number == len(chosen) - 1
    places = _named(history, chosen)
    labels = f"{json.dumps([history.runs[place].label for place in places])}[indexof({places}, datum.value)]"
    below = {"labels": last, "ticks": last, "labelAngle": -90, "labelOverlap": False, "labelExpr": labels}
    x = chart.axis("_x", None, (-0.8, len(history.runs) - 0.2), values=places, grid=False, **below)
    y = chart.axis("_y", unit, domain, tickCount=3)
    ink = {"x": x, "y": y, "color": chart.colour(names, "_key")}
    states = chart.shape([*_STATES], "_state")
    states["scale"]["range"] = [chart.symbol(isa) for isa in _STATES.values()]
    dots = mark("point", ink | {"shape": states}, filled=True, size=34, opacity=1)
    across = {"x2": {"field": "_x2"}}
    change = {"y": {"value": 0}, "text": {"field": "_text"}}
    name = chosen[number].series.title
    if len({each.series.name.operation for each in chosen}) == 1:
        name = name.partition("/")[2]

    def at(place: str) -> Spec:
        return {"x": x | {"field": place}}

    layers = [
        *only("_change", mark("rule", at("_change"), style="rule")),
        *only("_advisory", mark("rule", at("_advisory"), style="guide")),
        *only("_since", mark("rule", {"x": x, "y": y | {"field": "_since"}} | across, style="guide")),
        *only("_low", mark("rule", ink | {"y": y | {"field": "_low"}, "y2": {"field": "_high"}}, strokeWidth=1)),
        *only("_level", mark("rule", ink | {"y": y | {"field": "_level"}} | across, strokeWidth=2)),
        *only("_y", dots if number else chart.keyed(dots)),
        *only("_early", mark("text", at("_early") | change, style="words", baseline="top", align="left", dx=4)),
        *only("_late", mark("text", at("_late") | change, style="words", baseline="top", align="right", dx=-4)),
    ]
    title = {"text": name, "fontSize": 12, "fontWeight": "normal", "offset": 6, "limit": {"expr": "outer - 40"}}
    return {"title": title, "height": _PANEL, "transform": [{"filter": f"datum._view === {number}"}], "layer": layers}


def _named(history: History, chosen: Sequence[Judged]) -> list[int]:
    """The runs whose commits are named, as far as there is room: first the newest, the baseline and what changed."""
    last = len(history.runs) - 1
    told = [last, *history.baseline_places, *(change.new.first for each in chosen for change in each.changes)]
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
    turns: Counter[tuple[str, str]] = Counter()
    ranked = []
    for each in sorted(judged, key=lambda each: -variant_order(f"_/{each.series.name.isa}")[-1]):  # the widest first
        method = each.series.name.operation, each.series.name.implementation
        told = not each.regressed, not any(not change.advisory for change in each.changes)
        alive = each.series.points[-1].place == newest
        ranked.append(((*told, not alive, not each.series.ours, turns[method]), each))
        turns[method] += 1
    chosen = [each for _, each in sorted(ranked, key=lambda pair: pair[0])[:most]]
    return tuple(sorted(chosen, key=_order))


def _order(each: Judged) -> tuple[object, ...]:
    name = each.series.name
    sizes = [(lengths(size), size_text(size)) for _, size in name.axes]
    return name.operation, variant_order(name.variant), sizes, name.threads, each.series.points[0].place
