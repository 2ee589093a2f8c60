"""A forest plot: how far head lies from base in each benchmark, with its interval, the worst first."""

import math
import statistics
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import matplotlib.transforms
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from trilbench.compare.outcome import Line, Outcome, disturbance
from trilbench.compare.record import Comparison
from trilbench.compare.verdict import Rule, Verdict
from trilbench.compare.words import labels
from trilbench.report.figures.canvas import SMALL, WIDTH, Canvas, style
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.make import Choice, Figure, write_figure
from trilbench.report.figures.palette import DARK, Theme
from trilbench.results.units import count, percent, percentage

MOST_ROWS = 60  # of the benchmarks, the worst first; the CSV has them all
_ROW = 0.25  # inches
_NAMES, _NUMBERS = 2.95, 0.75  # inches left and right of the plot
_LETTERS = 38  # of a name, that fit there
_REGRESSION = "regression"
# What the interval says, never by colour alone: a marker and a heading say it too. Light page, dark page.
_LOOKS = {
    _REGRESSION: (">", "#b3261e", "#ff9a92"),
    Verdict.SLOWER: (">", "#b3261e", "#ff9a92"),
    Verdict.CANNOT_TELL: ("D", "#8a6100", "#e0b040"),
    Verdict.FASTER: ("<", "#0a58ca", "#83b8ff"),
    Verdict.NOT_SLOWER: ("s", "#5b6470", "#a3adb9"),
    Verdict.SAME: ("o", "#5b6470", "#a3adb9"),
}
_HOLLOW = {Verdict.CANNOT_TELL}
_TICKS = (-0.9, -0.75, -0.5, -0.3, -0.2, -0.1, -0.05, -0.02, 0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 9, 99)


def comparison_figure(
    comparison: Comparison, judged: Outcome, rule: Rule, folder: Path, choice: Choice | None = None
) -> Figure | None:
    """Draws into `folder`, which is made if it is missing. None if no benchmark has an estimate. Raises Stop if a file
    cannot be written."""
    with style():
        drawing = forest(comparison, judged, rule)
        return None if isinstance(drawing, Nothing) else write_figure("comparison", drawing, folder, choice or Choice())


def forest(comparison: Comparison, judged: Outcome, rule: Rule) -> Drawing | Nothing:
    """A row per benchmark, in groups by verdict."""
    lines = [line for line in judged.lines if math.isfinite(line.judgement.estimate)]
    if not lines:
        return Nothing("nothing was measured on both sides")
    shown = lines[:MOST_ROWS]
    groups = {name: [line for line in shown if _group(line) == name] for name in _LOOKS}
    groups = {name: of_group for name, of_group in groups.items() if of_group}
    told = [f"{len(of_group)} {_heading(name)}" for name, of_group in groups.items()]
    more = f" {count(len(lines) - len(shown), 'more benchmark')} follow in the CSV." if len(lines) > len(shown) else ""
    small = " The dots below it are the rounds that count." if comparison.paired else ""
    return Drawing(
        title="head against base",
        caption="Time of head over base, on a log axis: right of the line is slower. The mark is the median, the bar "
        f"its interval, corrected for {count(len(lines), 'benchmark')} judged together; an arrow says that it goes on."
        f"{small} A cross is a benchmark that has become less accurate. Within the dark band a difference is none on "
        f"this machine; the light band is the margin of {percentage(rule.margin)}.{more}",
        alt=f"Forest plot of {count(len(shown), 'benchmark')}: {', '.join(told)}.",
        columns=_COLUMNS,
        lines=[_csv_line(line) for line in lines],
        draw=partial(_draw, comparison, groups, rule),
    )


def _group(line: Line) -> str:
    return _REGRESSION if line.regressed else line.judgement.verdict


def _heading(group: str) -> str:
    return {_REGRESSION: "regressed", Verdict.SLOWER: "slower, the same code"}.get(group, str(group))


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


def _draw(comparison: Comparison, groups: dict[str, list[Line]], rule: Rule, theme: Theme) -> Picture:
    lines = [line for of_group in groups.values() for line in of_group]
    names = labels(line.measured.name for line in lines)
    canvas = Canvas(theme, "head against base", _footer(comparison), height=1.6 + _ROW * (len(lines) + len(groups)))
    axes = canvas.axes(_NAMES, WIDTH - _NUMBERS, bottom=0.5, top=0.26)
    axes.set_ylim(len(lines) + len(groups) - 0.4, -0.6)
    axes.yaxis.set_major_locator(NullLocator())
    axes.grid(False, axis="y")
    low, high = _range(lines, rule)
    axes.set_xlim(low, high)
    ticks = [math.log1p(tick) for tick in _TICKS if low <= math.log1p(tick) <= high]
    axes.set_xticks(_apart(ticks, (high - low) / 9), minor=False)
    axes.set_xticklabels([f"{math.expm1(tick):+.0%}" if tick else "0" for tick in axes.get_xticks()])
    axes.set_xlabel("head's time over base's (log): ← faster · slower →")
    margin = math.log1p(rule.margin)
    axes.axvspan(-margin, margin, color=theme.line, alpha=0.38, linewidth=0, zorder=0)
    axes.axvline(0, color=theme.text, linewidth=1.1, zorder=2)
    _above(axes, 0, f"margin ±{percentage(rule.margin)}", theme)
    kept = [i for i, each in enumerate(comparison.rounds) if not disturbance(each)]
    y = 0
    for name, of_group in groups.items():
        _text(axes, -0.02, y, f"{_heading(name)} ({len(of_group)})", _ink(name, theme), "right", "bold")
        for line in of_group:
            y += 1
            rounds = [line.measured.ratios[i] for i in kept] if comparison.paired else []
            _row(axes, y, line, name, rounds, theme)
            _text(axes, -0.02, y, _shortened(names[line.measured.name]), theme.text, "right")
            _text(axes, 1.03, y, percent(line.judgement.estimate), theme.text, "left")
        y += 1
    return canvas.figure


def _row(axes: Axes, y: int, line: Line, group: str, rounds: Sequence[float], theme: Theme) -> None:
    judgement = line.judgement
    ink = _ink(group, theme)
    floor = math.log1p(judgement.floor)
    axes.add_patch(Rectangle((-floor, y - 0.5), 2 * floor, 1, color=theme.line, linewidth=0, zorder=1))
    axes.plot(
        [math.log(value) for value in rounds], [y + 0.34] * len(rounds), ".", color=ink, alpha=0.8, ms=2.5, zorder=3
    )
    low, high = axes.get_xlim()
    ends = [_log(judgement.low), _log(judgement.high)]
    axes.plot([max(ends[0], low), min(ends[1], high)], [y, y], color=ink, linewidth=1.8, zorder=4)
    for beyond, edge, arrow in ((ends[0] < low, low, 4), (ends[1] > high, high, 5)):
        if beyond:
            axes.plot([edge], [y], marker=arrow, color=ink, markersize=6, clip_on=False, zorder=4)
    face = theme.page if group in _HOLLOW else ink
    marker = "X" if line.less_accurate else _LOOKS[group][0]
    axes.plot([math.log(judgement.estimate)], [y], marker=marker, ms=6.5, color=ink, mfc=face, mew=1.3, zorder=5)


def _range(lines: Sequence[Line], rule: Rule) -> tuple[float, float]:
    """Of the axis: all estimates and twice the margin, and as much of the intervals as leaves room for those."""
    estimates = [math.log(line.judgement.estimate) for line in lines]
    margin = 2 * math.log1p(rule.margin)
    least, most = min(*estimates, -margin) * 1.1, max(*estimates, margin) * 1.1
    room = (most - least) / 2
    low = min(max(_log(line.judgement.low), least - room) for line in lines)
    high = max(min(_log(line.judgement.high), most + room) for line in lines)
    edge = (most - least) / 50
    return min(low, least) - edge, max(high, most) + edge


def _apart(ticks: Sequence[float], least: float) -> list[float]:
    """0 and, on both sides of it, the ticks that leave room for their labels."""
    chosen = [0.0]
    for side in ([t for t in ticks if t > 0], [t for t in reversed(ticks) if t < 0]):
        last = 0.0
        for tick in side:
            if abs(tick - last) >= least:
                chosen.append(tick)
                last = tick
    return sorted(chosen)


def _log(ratio: float) -> float:
    return math.log(ratio) if ratio > 0 else -math.inf


def _ink(group: str, theme: Theme) -> str:
    return _LOOKS[group][2 if theme is DARK else 1]


def _shortened(name: str) -> str:
    """The ends of a long name tell more than its middle."""
    half = _LETTERS // 2 - 1
    return name if len(name) <= _LETTERS else f"{name[:half]}…{name[-half:]}"


def _text(axes: Axes, x: float, y: float, text: str, ink: str, side: str, weight: str = "normal") -> None:
    """`x` as a share of the plot's width, `y` a row."""
    place = matplotlib.transforms.blended_transform_factory(axes.transAxes, axes.transData)
    axes.text(
        x, y, text, transform=place, ha=side, va="center", fontsize=SMALL - 1.5, color=ink, weight=weight, clip_on=False
    )


def _above(axes: Axes, x: float, text: str, theme: Theme) -> None:
    axes.annotate(
        text,
        (x, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL - 1.5,
        color=theme.quiet,
    )


def _footer(comparison: Comparison) -> str:
    parts = (
        f"base {_shortened(comparison.base.label)}",
        f"head {_shortened(comparison.head.label)}",
        comparison.environment.get("cpu"),
        count(len(comparison.rounds), "round") if comparison.paired else "two runs",
        comparison.started[:10],
    )
    return " · ".join(str(part) for part in parts if part)
