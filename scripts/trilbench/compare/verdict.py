"""From what was measured to a verdict for each benchmark, all of them judged together.

A benchmark is decided in three parts against the margin: its interval's low end lies at the margin or above (slower:
the gate falls), its high end lies below (the gate lets it pass), or neither (it cannot be told, which is no pass). So a
head that is worse never fares better.

A floor, the difference that builds of the same code were seen to show, raises the limit from which on something is
slower. It lets nothing pass: between the margin and a floor above it lies what cannot be told.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trilbench.compare.sample import Sample, bonferroni, holm, worth_a_look

LEAST_FLOOR = 0.01  # a difference that no comparison of two builds can tell from a difference of layout


class Verdict(StrEnum):
    """What can be said of one benchmark. All but the first two pass."""

    SLOWER = "slower"  # by the margin or more
    CANNOT_TELL = "cannot tell"
    NOT_SLOWER = "not slower"  # by the margin; it may be faster
    SAME = "same"  # within the margin
    FASTER = "faster"  # by the margin or more


@dataclass(frozen=True)
class Rule:
    """How a comparison is judged. Shares of the base's time."""

    margin: float = 0.05  # what counts as a regression
    alpha: float = 0.05  # the probability of any wrong decision among all benchmarks
    look: float = 0.05  # the share of false alarms in the list worth a look


@dataclass(frozen=True)
class Judgement:
    """One benchmark's: times of head over base."""

    estimate: float  # the median
    low: float  # the interval: all benchmarks' together miss a truth with a probability of at most alpha
    high: float
    verdict: Verdict
    worth_a_look: bool
    smallest_effect: float  # the share by which head would have to be slower to be found with 80 % power
    floor: float  # a difference within it is none
    of_layout: bool  # slower by the margin, but builds of the same code were seen as far apart

    @property
    def beyond_floor(self) -> int:
        """1 if it is certainly slower than builds of the same code come out, -1 if faster; else 0."""
        return (self.low > 1 + self.floor) - (self.high < 1 / (1 + self.floor))


def judge(samples: Mapping[str, Sample], floors: Mapping[str, float], rule: Rule) -> dict[str, Judgement]:
    """Judges all benchmarks of a comparison together. `floors` holds a share for each, 1 % where there is none.

    What falls and what passes is decided by Holm's steps, each with half of alpha; the intervals are Bonferroni's. Holm
    decides whatever the intervals show, and sometimes one whose interval still reaches over the limit."""
    margin = math.log1p(rule.margin)
    floor = {name: math.log1p(max(floors.get(name, 0.0), LEAST_FLOOR)) for name in samples}
    limit = {name: max(margin, floor[name]) for name in samples}
    falls = holm([sample.p_at_least(limit[name]) for name, sample in samples.items()], rule.alpha / 2)
    passes = holm([sample.p_below(margin) for sample in samples.values()], rule.alpha / 2)
    looks = worth_a_look([sample.p_value() for sample in samples.values()], rule.look)
    level = bonferroni(rule.alpha, len(samples))
    found = {}
    for (name, sample), fallen, passed, look in zip(samples.items(), falls, passes, looks, strict=True):
        low, high = sample.interval(level)
        found[name] = Judgement(
            estimate=math.exp(sample.estimate),
            low=math.exp(low),
            high=math.exp(high),
            verdict=_verdict(fallen, passed, low, high, margin, limit[name]),
            worth_a_look=look,
            smallest_effect=math.expm1(sample.smallest_effect(level, limit[name])),
            floor=math.expm1(floor[name]),
            of_layout=not fallen and low >= margin,
        )
    return found


def _verdict(fallen: bool, passed: bool, low: float, high: float, margin: float, limit: float) -> Verdict:
    if fallen:
        return Verdict.SLOWER
    if not passed:
        return Verdict.CANNOT_TELL
    if high <= -limit:
        return Verdict.FASTER
    return Verdict.SAME if low > -margin else Verdict.NOT_SLOWER
