"""A forest plot: how far head lies from base in each benchmark, with its interval, the worst first."""

import math
from collections.abc import Mapping, Sequence

from trilbench.compare.record import Comparison
from trilbench.compare.text import labels
from trilbench.compare.verdict import Line, Outcome, Rule, Verdict, disturbance
from trilbench.report.figures import chart
from trilbench.report.figures.chart import Drawing, Row, Spec, mark, only
from trilbench.report.figures.make import Figure, figure
from trilbench.results.statistics import quantile
from trilbench.results.units import count, percent, percentage

MOST_ROWS = 60  # of the benchmarks, the worst first; the CSV has them all
_ROW, _HEAD = 38, 24  # pixels of a benchmark, and of a verdict's heading
_NAME, _BAR, _DOTS = 9, 22, 31  # pixels from a row's top: its name, its interval, its rounds
_LETTERS = 50  # of a name, that fit there
_SAME_CODE = "slower, the same code"
# What the interval says, never by colour alone: a symbol and a heading say it too. Light page, dark page.
LOOKS = {
    "regressed": ("triangle-right", "#b3261e", "#ff9a92"),
    _SAME_CODE: ("triangle-right", "#b3261e", "#ff9a92"),
    str(Verdict.CANNOT_TELL): ("diamond", "#8a6100", "#e0b040"),
    str(Verdict.FASTER): ("triangle-left", "#0a58ca", "#83b8ff"),
    str(Verdict.NOT_SLOWER): ("square", "#5b6470", "#a3adb9"),
    str(Verdict.SAME): ("circle", "#5b6470", "#a3adb9"),
}
_LESS_ACCURATE = "less accurate"


def comparison_figure(judged: Outcome) -> Figure | None:
    """A row per benchmark, in groups by verdict. None if no benchmark has an estimate."""
    comparison, rule = judged.comparison, judged.rule
    lines = [line for line in judged.lines if math.isfinite(line.judgement.estimate)]
    if not lines:
        return None
    shown = lines[:MOST_ROWS]
    groups = {name: of_group for name in LOOKS if (of_group := [line for line in shown if _group(line) == name])}
    low, high = _range(shown, rule)
    rows, tall = _rows(comparison, groups, low, high)
    more = f" {count(len(lines) - len(shown), 'more benchmark')} follow in the CSV." if len(lines) > len(shown) else ""
    drawing = Drawing(
        title="head against base",
        caption="Right of 0 head is slower: the median and its interval, true of all benchmarks together"
        + ("; below it the rounds" if comparison.paired else "")
        + f". Dark: what builds of the same code differ by; light: the margin of {percentage(rule.margin)}.{more}",
        alt=f"Forest plot of {count(len(shown), 'benchmark')}: "
        + ", ".join(f"{len(of_group)} {name}" for name, of_group in groups.items())
        + ".",
        rows=[*rows, *map(_numbers, lines[MOST_ROWS:])],
        views=[{"height": tall, "layer": _layers([*groups], rule, low, high, tall)}],
        beside=80,
        names=[*groups],
        key="_group",
        inks=[LOOKS[name][1:] for name in groups],
        told={
            "benchmark": "benchmark",
            "verdict": "verdict",
            "ratio": "head over base",
            "floor": "the same code differs by",
            "base_ns": "base",
            "head_ns": "head",
        },
    )
    known = (
        f"base {_shortened(comparison.base.label)}",
        f"head {_shortened(comparison.head.label)}",
        comparison.environment.get("cpu"),
        count(len(comparison.rounds), "round") if comparison.paired else "runs that lay there",
        comparison.started[:10],
    )
    return figure("comparison", drawing, " · ".join(str(part) for part in known if part))


def _group(line: Line) -> str:
    if line.regressed:
        return "regressed"
    return _SAME_CODE if line.judgement.verdict is Verdict.SLOWER else str(line.judgement.verdict)


def _numbers(line: Line) -> Row:
    judgement, measured = line.judgement, line.measured
    bounds = {"ratio_low": judgement.low, "ratio_high": judgement.high, "smallest_effect": judgement.smallest_effect}
    return {
        "benchmark": measured.name,
        "verdict": judgement.verdict.value,
        "regressed": int(line.regressed),
        "same_code": "" if measured.same_code is None else int(measured.same_code),
        "ratio": judgement.estimate,
        **{name: value for name, value in bounds.items() if 0 < value < math.inf},
        "floor": judgement.floor,
        "worth_a_look": int(judgement.worth_a_look),
        "base_ns": quantile(measured.base, 0.5) * 1e9,
        "head_ns": quantile(measured.head, 0.5) * 1e9,
    }


def _rows(
    comparison: Comparison, groups: Mapping[str, Sequence[Line]], low: float, high: float
) -> tuple[list[Row], int]:
    """The marks' data from above, and the pixels that they take."""
    names = labels(line.measured.name for lines in groups.values() for line in lines)
    kept = [i for i, each in enumerate(comparison.rounds) if not disturbance(each)] if comparison.paired else []
    found: list[Row] = []
    y = 0
    for group, lines in groups.items():
        found.append({"_group": group, "_heading": f"{group} ({len(lines)})", "_y": y + _HEAD / 2 + 3})
        y += _HEAD
        for line in lines:
            judgement = line.judgement
            found.append(
                _numbers(line)
                | {"_group": group, "_sign": _LESS_ACCURATE if line.less_accurate else group}
                | {"_x": judgement.estimate, "_low": max(judgement.low, low), "_high": min(judgement.high, high)}
                | {"_floor": 1 + judgement.floor, "_floor_low": 1 / (1 + judgement.floor)}
                | {"_y": y + _BAR, "_label": y + _NAME, "_above": y + _BAR - 7, "_below": y + _DOTS + 4}
                | {"_name": _shortened(names[line.measured.name]), "_percent": percent(judgement.estimate)}
                | ({"_cut_low": low} if judgement.low < low else {})
                | ({"_cut_high": high} if judgement.high > high else {})
            )
            ratios = [max(low, min(high, line.measured.ratios[i])) for i in kept]
            found += [{"_group": group, "_round": ratio, "_y": y + _DOTS} for ratio in ratios]
            y += _ROW
    return found, y


def _layers(groups: Sequence[str], rule: Rule, low: float, high: float, tall: int) -> list[Spec]:
    labels = {"labelExpr": "datum.value === 1 ? '0' : format(datum.value - 1, '+.0%')"}
    x = chart.axis("_x", "head's time over base's: ← faster · slower →", (low, high), 10, values=None, **labels)
    y = chart.field("_y") | {"scale": {"domain": [tall, 0], "nice": False}, "axis": None}
    ink = {"x": x, "y": y, "color": chart.colour(groups, "_group")}
    signs = chart.shape([*groups, _LESS_ACCURATE], "_sign") | {"legend": None}
    signs["scale"]["range"] = [*(LOOKS[name][0] for name in groups), chart.symbol("scalar")]
    floor = {"x": x | {"field": "_floor_low"}, "x2": {"field": "_floor"}}
    zone = {"y": y | {"field": "_above"}, "y2": {"field": "_below"}}
    margin = [{"_floor": 1 + rule.margin, "_floor_low": 1 / (1 + rule.margin)}]
    heading = {"x": {"value": 0}, "y": y, "color": ink["color"], "text": {"field": "_heading"}}
    name = {"x": {"value": 0}, "y": y | {"field": "_label"}, "text": {"field": "_name"}}
    number = {"x": {"value": "width"}, "y": y, "text": {"field": "_percent"}}

    def at(place: str, shape: str, size: int) -> list[Spec]:
        point = mark("point", ink | {"x": x | {"field": place}}, shape=shape, size=size, filled=True, opacity=1)
        return only(place, point)

    return [
        mark("rect", floor, data=margin, style="band"),
        *only(
            "_name",
            mark("rect", floor | zone, style="floor"),
            mark("rule", {"x": {"datum": 1}} | zone, style="rule"),
            mark("rule", ink | {"x": x | {"field": "_low"}, "x2": {"field": "_high"}}, strokeWidth=2),
            chart.keyed(chart.dots(ink | {"shape": signs}, 90)),
            mark("text", name, style="words", align="left"),
            mark("text", number, style="words", align="left", dx=6),
        ),
        *at("_round", "circle", 7),
        *at("_cut_low", "triangle-left", 50),
        *at("_cut_high", "triangle-right", 50),
        *only("_heading", mark("text", heading, fontSize=chart.SMALL, fontWeight="bold", align="left")),
    ]


def _range(lines: Sequence[Line], rule: Rule) -> tuple[float, float]:
    """Of the axis: all estimates and twice the margin, and as much of the intervals as leaves room for those."""
    margin = 2 * math.log1p(rule.margin)
    estimates = [math.log(line.judgement.estimate) for line in lines]
    least, most = min(*estimates, -margin) * 1.1, max(*estimates, margin) * 1.1
    room = (most - least) / 2
    low = min(max(line.judgement.low, math.exp(least - room)) for line in lines)
    high = max(min(line.judgement.high, math.exp(most + room)) for line in lines)
    edge = math.exp((most - least) / 50)
    return min(low, math.exp(least)) / edge, max(high, math.exp(most)) * edge


def _shortened(name: str) -> str:
    """The ends of a long name tell more than its middle."""
    half = _LETTERS // 2 - 1
    return name if len(name) <= _LETTERS else f"{name[:half]}…{name[-half:]}"
