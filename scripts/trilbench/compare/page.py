"""A comparison as report.html: the answer, the forest plot, every benchmark and every round."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from trilbench.compare import words
from trilbench.compare.outcome import Line, Outcome, disturbance
from trilbench.compare.record import Comparison
from trilbench.compare.verdict import Rule, Verdict
from trilbench.compare.words import labels
from trilbench.files import write_whole
from trilbench.report.facts import differences, machine_facts
from trilbench.report.template import attempt, render
from trilbench.results import units

if TYPE_CHECKING:
    from trilbench.report.figures.make import Figure


@dataclass(frozen=True)
class RoundLine:
    """One round: what happened beside it, and whether it counts."""

    order: str
    why_not: str  # empty: it counts
    seconds: float
    others: float | None  # cores, the busier side's
    steal: float | None
    sentinels: tuple[float, ...]  # head over base, in the order of their names


def write(folder: Path, comparison: Comparison, judged: Outcome, rule: Rule) -> str:
    """Writes `folder`/report.html. Returns why there is no figure; empty if there is one or nothing to draw. Raises
    Stop if the page cannot be written."""
    figures, fault = attempt(lambda: draw(comparison, judged, rule))
    write_whole(folder / "report.html", page(folder, comparison, judged, rule, figures, fault))
    return fault


def draw(comparison: Comparison, judged: Outcome, rule: Rule) -> "list[Figure]":
    """The forest plot, if there is anything to draw."""
    # Imported here, so that what does not even load costs no more than the picture.
    from trilbench.compare.figure import comparison_figure

    return [figure for figure in [comparison_figure(comparison, judged, rule)] if figure]


def page(
    folder: Path, comparison: Comparison, judged: Outcome, rule: Rule, figures: "Sequence[Figure]", fault: str = ""
) -> str:
    """The page's text. `folder` is where it will lie; `fault` says why there is no figure."""
    helpers: dict[str, Any] = {
        "notes": words.notes,
        "finite": finite,
        "middle": lambda values: statistics.median(values) if values else None,
        "verdict": verdict,
        "labels": labels(row.name for row in comparison.benchmarks),
        "as_share": units.share,
        "as_ratio": units.ratio,
        "strip_width": Strip.WIDTH,
        "strip_height": Strip.HEIGHT,
    }
    return render(
        "comparison.html.jinja",
        folder,
        figures,
        helpers,
        comparison=comparison,
        judged=judged,
        rule=rule,
        figure=figures[0] if figures else None,
        fault=fault,
        headline=words.headline(comparison, judged, rule),
        power=words.power(comparison, judged),
        calibration=words.calibrated(comparison.calibration),
        warnings=words.warnings(comparison, judged),
        sides=differences(comparison.base, comparison.head),
        machine=machine_facts(comparison.environment),
        strips=strips(comparison, rule),
        rounds=round_lines(comparison),
        sentinels=sentinel_names(comparison),
    )


def finite(value: float | None) -> float | None:
    """The value as a table sorts by it; None if it is unknown or without bounds."""
    return value if value is not None and math.isfinite(value) else None


def verdict(line: Line) -> tuple[str, str, str]:
    """In words, the sign before them, and their class."""
    if line.regressed:
        return "regressed" if line.less_accurate else "regressed: slower", "▲", "wrong"
    sign, kind = {
        Verdict.SLOWER: ("△", "slower"),
        Verdict.FASTER: ("▼", "faster"),
        Verdict.CANNOT_TELL: ("?", "untold"),
        Verdict.NOT_SLOWER: ("≤", "quiet"),
        Verdict.SAME: ("=", "quiet"),
    }[line.judgement.verdict]
    return str(line.judgement.verdict), sign, kind


def sentinel_names(comparison: Comparison) -> tuple[str, ...]:
    """Of the work that is the same on both sides."""
    return tuple(comparison.rounds[0].moments["base"].sentinels) if comparison.rounds else ()


def round_lines(comparison: Comparison) -> tuple[RoundLine, ...]:
    """A line for each round, in order."""
    names = sentinel_names(comparison)
    lines = []
    for each in comparison.rounds:
        base, head = each.moments["base"], each.moments["head"]
        lines.append(
            RoundLine(
                order=" ".join(each.order),
                why_not=disturbance(each),
                seconds=base.seconds + head.seconds,
                others=_worst([base.others, head.others]),
                steal=_worst([base.steal, head.steal]),
                sentinels=tuple(head.sentinels[name] / base.sentinels[name] for name in names),
            )
        )
    return tuple(lines)


def _worst(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


# A benchmark's rounds as a picture within a line of a table: a dot a round, in order; above the middle head is
# slower.


@dataclass(frozen=True)
class Strip:
    """Dots as an SVG path has them, each a line of no length. All strips of a page have the same scale: half the height
    is three margins, and what lies further out is drawn at the edge."""

    WIDTH: ClassVar[int] = 120
    HEIGHT: ClassVar[int] = 26

    counted: str
    left_out: str  # the rounds that do not count
    words: str  # for who cannot see it


def strips(comparison: Comparison, rule: Rule) -> dict[str, Strip]:
    """By benchmark; empty if the sides were not measured in turn."""
    if not comparison.paired or not comparison.rounds:
        return {}
    counts = [not disturbance(each) for each in comparison.rounds]
    return {row.name: _strip(row.ratios, counts, rule) for row in comparison.benchmarks}


def _strip(ratios: Sequence[float], counts: Sequence[bool], rule: Rule) -> Strip:
    scale = 3 * math.log1p(rule.margin)
    paths = {True: "", False: ""}
    for i, (ratio, counted) in enumerate(zip(ratios, counts, strict=True)):
        x = Strip.WIDTH * (i + 0.5) / len(ratios)
        y = Strip.HEIGHT / 2 - (Strip.HEIGHT / 2 - 2) * max(-1.0, min(1.0, math.log(ratio) / scale))
        paths[counted] += f"M{x:.1f} {y:.1f}h0"
    slower = sum(ratio > 1 for ratio, counted in zip(ratios, counts, strict=True) if counted)
    return Strip(paths[True], paths[False], f"head was slower in {slower} of {sum(counts)} rounds")
