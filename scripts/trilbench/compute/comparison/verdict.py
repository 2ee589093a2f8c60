"""From the rounds' ratios to a verdict for each benchmark, and to one for the whole."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from trilbench.compute.comparison import sign
from trilbench.compute.comparison.family import holm_levels, worth_a_look

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

    estimate: float  # the median round
    low: float  # the interval, corrected for the number of benchmarks
    high: float
    verdict: Verdict
    worth_a_look: bool
    smallest_effect: float  # the share by which head would have to be slower to be found with 80 % power
    floor: float  # a difference within it is none

    def regressed(self, margin: float) -> bool:
        """Whether it is slower by as much as the gate forbids."""
        return self.verdict is Verdict.SLOWER and self.estimate >= 1 + margin


def judge(ratios: Mapping[str, Sequence[float]], floors: Mapping[str, float], rule: Rule) -> dict[str, Judgement]:
    """Judges all benchmarks of a comparison together. `ratios` holds each benchmark's time of head over base, round by
    round; `floors` a share for each, 1 % where there is none."""
    logs = {name: np.log(values) for name, values in ratios.items()}
    floor = {name: math.log1p(max(floors.get(name, 0.0), LEAST_FLOOR)) for name in ratios}
    p_values = [sign.p_value(logs[name], floor[name]) for name in ratios]
    levels = dict(zip(ratios, holm_levels(p_values, rule.alpha), strict=True))
    looks = dict(
        zip(ratios, worth_a_look([sign.p_value(values, 0.0) for values in logs.values()], rule.look), strict=True)
    )
    return {name: _judge(logs[name], levels[name], floor[name], rule, looks[name]) for name in ratios}


def _judge(logs: Sequence[float], level: float, floor: float, rule: Rule, look: bool) -> Judgement:
    low, high = sign.interval(logs, level)
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
        estimate=math.exp(np.median(logs)) if len(logs) else math.nan,
        low=math.exp(low),
        high=math.exp(high),
        verdict=verdict,
        worth_a_look=look,
        smallest_effect=math.expm1(sign.smallest_effect(logs, len(logs), level, floor)),
        floor=math.expm1(floor),
    )
