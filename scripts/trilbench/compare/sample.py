"""What was measured of one benchmark, as something to draw conclusions from. All values are logarithms of ratios of
times, head over base: 0 is no difference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.stats import false_discovery_control, norm

from trilbench.compare import mann_whitney, sign

POWER = 0.8  # with which the smallest effect is found


class Sample(Protocol):
    """Evidence of how far head lies from base."""

    @property
    def estimate(self) -> float: ...

    def interval(self, alpha: float) -> tuple[float, float]:
        """That misses the truth with a probability of at most alpha."""
        ...

    def p_at_least(self, limit: float) -> float:
        """Of the hypothesis that the truth lies below the limit: small if the sample says otherwise."""
        ...

    def p_below(self, limit: float) -> float:
        """Of the hypothesis that the truth lies at the limit or above it."""
        ...

    def p_value(self) -> float:
        """Of the hypothesis that there is no difference."""
        ...

    def smallest_effect(self, alpha: float, limit: float) -> float:
        """The truth that would be found to lie beyond the limit with a probability of POWER."""
        ...


@dataclass(frozen=True)
class Paired:
    """Rounds: both sides were measured in turn."""

    values: tuple[float, ...]

    @property
    def estimate(self) -> float:
        return float(np.median(self.values)) if self.values else math.nan

    def interval(self, alpha: float) -> tuple[float, float]:
        return sign.interval(self.values, alpha)

    def p_at_least(self, limit: float) -> float:
        return sign.p_at_least(self.values, limit)

    def p_below(self, limit: float) -> float:
        return sign.p_below(self.values, limit)

    def p_value(self) -> float:
        return sign.p_value(self.values)

    def smallest_effect(self, alpha: float, limit: float) -> float:
        return sign.smallest_effect(self.values, len(self.values), alpha, limit, POWER)


@dataclass(frozen=True)
class Unpaired:
    """Processes that were not measured in turn: logarithms of the seconds of each."""

    base: tuple[float, ...]
    head: tuple[float, ...]

    @property
    def estimate(self) -> float:
        return float(np.median(self.head) - np.median(self.base))

    def interval(self, alpha: float) -> tuple[float, float]:
        return mann_whitney.interval(self.base, self.head, alpha)

    def p_at_least(self, limit: float) -> float:
        return mann_whitney.p_at_least(self.base, self.head, limit)

    def p_below(self, limit: float) -> float:
        return mann_whitney.p_below(self.base, self.head, limit)

    def p_value(self) -> float:
        return mann_whitney.p_value(self.base, self.head)

    def smallest_effect(self, alpha: float, limit: float) -> float:
        """Roughly: a truth as far off as half the interval is wide is found in half of all cases; for more it has to be
        further off as of a normal distribution."""
        low, high = self.interval(alpha)
        needed = norm.isf(alpha / 2)
        return limit + (high - low) / 2 * float((needed + norm.ppf(POWER)) / needed)


def paired(ratios: Sequence[float]) -> Paired:
    """Of times of head over base, round by round."""
    return Paired(tuple(np.log(ratios).tolist()))


def unpaired(base: Sequence[float], head: Sequence[float]) -> Unpaired:
    """Of seconds, process by process."""
    return Unpaired(tuple(np.log(base).tolist()), tuple(np.log(head).tolist()))


# Many benchmarks at once: what one alone may claim at 5 %, two dozen together may not.


def bonferroni(alpha: float, benchmarks: int) -> float:
    """The level of each interval at which all together miss a truth with a probability of at most `alpha`."""
    return alpha / max(benchmarks, 1)


def holm(p_values: Sequence[float], alpha: float) -> list[bool]:
    """Which hypotheses are rejected so that any true one is among them with a probability of at most `alpha`: Holm's
    steps. They reject what Bonferroni's level does, and sometimes more; a smaller p-value never lets one go."""
    rejected = [False] * len(p_values)
    for step, i in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        if p_values[i] > alpha / (len(p_values) - step):
            break
        rejected[i] = True
    return rejected


def worth_a_look(p_values: Sequence[float], share: float) -> list[bool]:
    """The hypotheses of which at most `share` are expected to be false alarms: Benjamini and Hochberg's list."""
    if not p_values:
        return []
    return [bool(adjusted <= share) for adjusted in false_discovery_control(p_values)]
