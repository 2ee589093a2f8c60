"""A benchmark's rounds as a picture within a line of a table: a dot a round, in order; above the middle head is
slower."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trilbench.compute.comparison.disturbance import disturbance
from trilbench.compute.comparison.verdict import Rule
from trilbench.model.comparison import Comparison


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
