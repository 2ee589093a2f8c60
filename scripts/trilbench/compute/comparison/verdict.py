"""From what was measured to a verdict for each benchmark, all of them judged together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trilbench.compute.comparison.family import holm_levels, worth_a_look
from trilbench.compute.comparison.sample import Sample

LEAST_FLOOR = 0.01  # a difference that no comparison of two builds can tell from a difference of layout


class Verdict(StrEnum):
    """What can be said of one benchmark."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Rule:
    """How a comparison is judged. Shares of the base's time."""

    margin: float = 0.05  # what counts as a regression
    alpha: float = 0.05  # the probability of any false alarm among all benchmarks
    look: float = 0.05  # the share of false alarms in the list worth a look


@dataclass(frozen=True)
class Judgement:
    """One benchmark's: times of head over base."""

    estimate: float  # the median
    low: float  # the interval, corrected for the number of benchmarks
    high: float
    verdict: Verdict
    worth_a_look: bool
    smallest_effect: float  # the share by which head would have to be slower to be found with 80 % power
    floor: float  # a difference within it is none

    def regressed(self, margin: float) -> bool:
        """Whether it is slower by as much as the gate forbids."""
        return self.verdict is Verdict.SLOWER and self.estimate >= 1 + margin


def judge(samples: Mapping[str, Sample], floors: Mapping[str, float], rule: Rule) -> dict[str, Judgement]:
    """Judges all benchmarks of a comparison together. `floors` holds a share for each, 1 % where there is none."""
    floor = {name: math.log1p(max(floors.get(name, 0.0), LEAST_FLOOR)) for name in samples}
    p_values = [sample.p_value(floor[name]) for name, sample in samples.items()]
    levels = holm_levels(p_values, rule.alpha)
    looks = worth_a_look([sample.p_value(0.0) for sample in samples.values()], rule.look)
    return {
        name: _judge(sample, level, floor[name], rule, look)
        for (name, sample), level, look in zip(samples.items(), levels, looks, strict=True)
    }


def _judge(sample: Sample, level: float, floor: float, rule: Rule, look: bool) -> Judgement:
    low, high = sample.interval(level)
    margin = math.log1p(rule.margin)
    if low > floor:
        verdict = Verdict.SLOWER
    elif high < -floor:
        verdict = Verdict.FASTER
    elif -margin < low and high < margin:
        verdict = Verdict.SAME
    else:
        verdict = Verdict.CANNOT_TELL
    return Judgement(
        estimate=math.exp(sample.estimate),
        low=math.exp(low),
        high=math.exp(high),
        verdict=verdict,
        worth_a_look=look,
        smallest_effect=math.expm1(sample.smallest_effect(level, floor)),
        floor=math.expm1(floor),
    )
