"""A forest plot: how far head lies from base in each benchmark, with its interval, the worst first."""

import math
import statistics
from collections.abc import Sequence
from typing import Any

from trilbench.compare.outcome import Line, Outcome, disturbance
from trilbench.compare.record import Comparison
from trilbench.compare.verdict import Rule, Verdict
from trilbench.compare.words import interval, labels
from trilbench.report.figures import chart
from trilbench.report.figures.chart import SHOWN, Drawing, Spec, keyed, mark, only
from trilbench.report.figures.make import Figure, figure
from trilbench.results.units import count, duration, percent, percentage

MOST_ROWS = 60  # of the benchmarks, the worst first; the CSV has them all
_ROW, _HEAD = 38, 24  # pixels of a benchmark, and of a verdict's heading
_NAME, _BAR, _DOTS = 9, 22, 31  # pixels from a row's top: its name, its interval, its rounds
_LETTERS = 50  # of a name, that fit there
_REGRESSION = "regressed"
# What the interval says, never by colour alone: a symbol and a heading say it too. Light page, dark page.
_LOOKS = {
    _REGRESSION: ("triangle-right", "#b3261e", "#ff9a92"),
    "slower, the same code": ("triangle-right", "#b3261e", "#ff9a92"),
    str(Verdict.CANNOT_TELL): ("diamond", "#8a6100", "#e0b040"),
    str(Verdict.FASTER): ("triangle-left", "#0a58ca", "#83b8ff"),
    str(Verdict.NOT_SLOWER): ("square", "#5b6470", "#a3adb9"),
    str(Verdict.SAME): ("circle", "#5b6470", "#a3adb9"),
}
_LESS_ACCURATE = "less accurate"
_TICKS = (-0.9, -0.75, -0.5, -0.3, -0.2, -0.1, -0.05, -0.02, 0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 9, 99)
_TOLD = {
    "benchmark": "benchmark",
    "key": "verdict",
    "difference": "head against base",
    "interval": "interval",
    "floor": "builds of the same code differ by",
    "base": "base",
    "head": "head",
}


def comparison_figure(comparison: Comparison, judged: Outcome, rule: Rule) -> Figure | None:
    """A row per benchmark, in groups by verdict. None if no benchmark has an estimate."""
    lines = [line for line in judged.lines if math.isfinite(line.judgement.estimate)]
    if not lines:
        return None
    shown = lines[:MOST_ROWS]
    groups = {name: of_group for name in _LOOKS if (of_group := [line for line in shown if _group(line) == name])}
    more = f" {count(len(lines) - len(shown), 'more benchmark')} follow in the CSV." if len(lines) > len(shown) else ""
    low, high = _range(shown, rule)
    points, tall = _points(comparison, groups, low, high)
    drawing = Drawing(
        title="head against base",
        caption="Right of 0 head is slower: the median and its interval, true of all benchmarks together"
        + ("; below it the rounds" if comparison.paired else "")
        + f". Dark: what builds of the same code differ by; light: the margin of {percentage(rule.margin)}.{more}",
        alt=f"Forest plot of {count(len(shown), 'benchmark')}: "
        + ", ".join(f"{len(of_group)} {name}" for name, of_group in groups.items())
        + ".",
        columns=_COLUMNS,
        lines=[_csv_line(line) for line in lines],
        points=points,
        views=[{"height": tall, "transform": [SHOWN], "layer": _layers([*groups], rule, low, high, tall)}],
        beside=80,
        inks=[_LOOKS[name][1:] for name in groups],
    )
    return figure("comparison", drawing, _footer(comparison))


def _group(line: Line) -> str:
    if line.regressed:
        return _REGRESSION
    verdict = line.judgement.verdict
    return "slower, the same code" if verdict is Verdict.SLOWER else str(verdict)


_COLUMNS = (
    *("benchmark", "verdict", "regressed", "same_code", "ratio", "low", "high", "floor", "smallest_effect"),
    *("worth_a_look", "base_seconds", "head_seconds"),
)


def _csv_line(line: Line) -> dict[str, str | float | int]:
    judgement, measured = line.judgement, line.measured
    bounds = {"low": judgement.low, "high": judgement.high, "smallest_effect": judgement.smallest_effect}
    return {
        "benchmark": measured.name,
        "verdict": judgement.verdict.value,
        "regressed": int(line.regressed),
        "same_code": "" if measured.same_code is None else int(measured.same_code),
        "ratio": judgement.estimate,
        **{name: value for name, value in bounds.items() if 0 < value < math.inf},
        "floor": judgement.floor,
        "worth_a_look": int(judgement.worth_a_look),
        "base_seconds": statistics.median(measured.base),
        "head_seconds": statistics.median(measured.head),
    }


def _points(
    comparison: Comparison, groups: dict[str, list[Line]], low: float, high: float
) -> tuple[list[dict[str, Any]], int]:
    """The marks' data from above, and the pixels that they take."""
    names = labels(line.measured.name for of_group in groups.values() for line in of_group)
    kept = [i for i, each in enumerate(comparison.rounds) if not disturbance(each)] if comparison.paired else []
    found: list[dict[str, Any]] = []
    y = 0
    for group, lines in groups.items():
        found.append({"key": group, "heading": f"{group} ({len(lines)})", "top": y + _HEAD / 2 + 3})
        y += _HEAD
        for line in lines:
            found.append(_row(line, group, names[line.measured.name], y, low, high))
            rounds = [line.measured.ratios[i] for i in kept]
            found += [
                {"key": group, "round": max(low, min(high, ratio)), "top": y + _DOTS, "difference": percent(ratio)}
                for ratio in rounds
            ]
            y += _ROW
    return found, y


def _row(line: Line, group: str, name: str, y: int, low: float, high: float) -> dict[str, Any]:
    judgement, measured = line.judgement, line.measured
    ends = [("cut_low", low)] if judgement.low < low else []
    ends += [("cut_high", high)] if judgement.high > high else []
    return {
        "key": group,
        "name": _shortened(name),
        "sign": _LESS_ACCURATE if line.less_accurate else group,
        "ratio": judgement.estimate,
        "low": max(judgement.low, low),
        "high": min(judgement.high, high),
        **dict(ends),
        "floor_low": 1 / (1 + judgement.floor),
        "floor_high": 1 + judgement.floor,
        "label": y + _NAME,
        "top": y + _BAR,
        "above": y + _BAR - 7,
        "below": y + _DOTS + 4,
        "benchmark": measured.name,
        "difference": percent(judgement.estimate),
        "interval": interval(line),
        "floor": percentage(round(judgement.floor, 4)),
        "base": duration(statistics.median(measured.base)),
        "head": duration(statistics.median(measured.head)),
    }


def _layers(groups: Sequence[str], rule: Rule, low: float, high: float, tall: int) -> list[Spec]:
    ticks = [1 + tick for tick in _apart([tick for tick in _TICKS if low <= 1 + tick <= high], low, high)]
    title = "head's time over base's: ← faster · slower →"
    x = chart.axis("ratio", title, (low, high), log=True, values=ticks)
    x["axis"] |= {"labelExpr": "datum.value === 1 ? '0' : format(datum.value - 1, '+.0%')"}
    y = {"field": "top", "type": "quantitative", "scale": {"domain": [tall, 0], "nice": False}, "axis": None}
    ink = {"x": x, "y": y, "color": chart.colour(groups)}
    across = {"x": x | {"field": "floor_low"}, "x2": {"field": "floor_high"}}
    high_by = {"y": y | {"field": "above"}, "y2": {"field": "below"}}
    margin = {"data": {"values": [{"floor_low": 1 / (1 + rule.margin), "floor_high": 1 + rule.margin}]}}
    signs = {
        "field": "sign",
        "type": "nominal",
        "scale": {
            "domain": [*groups, _LESS_ACCURATE],
            "range": [*(_LOOKS[name][0] for name in groups), chart.symbol("scalar")],
        },
        "legend": None,
    }
    tooltip = [{"field": key, "title": title} for key, title in _TOLD.items()]
    text = {"align": "left", "fontSize": chart.SMALL}

    def at(field: str) -> Spec:
        return ink | {"x": x | {"field": field}}

    return [
        margin | mark("rect", across, style="band"),
        *only(
            "name",
            mark("rect", across | high_by, style="floor"),
            mark("rule", {"x": {"datum": 1}} | high_by, style="rule"),
            mark("rule", at("low") | {"x2": {"field": "high"}}, strokeWidth=2),
            keyed(chart.dots(ink | {"shape": signs, "tooltip": tooltip}, 90)),
            mark("text", _words("name", y | {"field": "label"}, 0), style="words", **text),
            mark("text", _words("difference", y, "width"), style="words", dx=6, **text),
        ),
        *only("round", mark("point", at("round"), filled=True, shape="circle", size=7, opacity=1)),
        *only("cut_low", mark("point", at("cut_low"), shape="triangle-left", filled=True, size=50, opacity=1)),
        *only("cut_high", mark("point", at("cut_high"), shape="triangle-right", filled=True, size=50, opacity=1)),
        *only(
            "heading",
            mark("text", _words("heading", y, 0) | {"color": chart.colour(groups)}, fontWeight="bold", **text),
        ),
    ]


def _words(field: str, y: Spec, x: int | str) -> Spec:
    return {"x": {"value": x}, "y": y, "text": {"field": field}}


def _range(lines: Sequence[Line], rule: Rule) -> tuple[float, float]:
    """Of the axis: all estimates and twice the margin, and as much of the intervals as leaves room for those."""
    estimates = [math.log(line.judgement.estimate) for line in lines]
    margin = 2 * math.log1p(rule.margin)
    least, most = min(*estimates, -margin) * 1.1, max(*estimates, margin) * 1.1
    room = (most - least) / 2
    low = min(max(_log(line.judgement.low), least - room) for line in lines)
    high = max(min(_log(line.judgement.high), most + room) for line in lines)
    edge = (most - least) / 50
    return math.exp(min(low, least) - edge), math.exp(max(high, most) + edge)


def _apart(ticks: Sequence[float], low: float, high: float) -> list[float]:
    """0 and, on both sides of it, the ticks that leave room for their labels."""
    least = math.log(high / low) / 9
    chosen = [0.0]
    for side in ([t for t in ticks if t > 0], [t for t in reversed(ticks) if t < 0]):
        last = 0.0
        for tick in side:
            if abs(math.log1p(tick) - last) >= least:
                chosen.append(tick)
                last = math.log1p(tick)
    return sorted(chosen)


def _log(ratio: float) -> float:
    return math.log(ratio) if ratio > 0 else -math.inf


def _shortened(name: str, most: int = _LETTERS) -> str:
    """The ends of a long name tell more than its middle."""
    half = most // 2 - 1
    return name if len(name) <= most else f"{name[:half]}…{name[-half:]}"


def _footer(comparison: Comparison) -> str:
    parts = (
        f"base {_shortened(comparison.base.label)}",
        f"head {_shortened(comparison.head.label)}",
        comparison.environment.get("cpu"),
        count(len(comparison.rounds), "round") if comparison.paired else "runs that lay there",
        comparison.started[:10],
    )
    return " · ".join(str(part) for part in parts if part)
