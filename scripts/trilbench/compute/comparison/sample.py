"""What was measured of one benchmark, as something to draw conclusions from. All values are logarithms of ratios of
times, head over base: 0 is no difference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.stats import norm

from trilbench.compute.comparison import mann_whitney, sign

POWER = 0.8  # with which the smallest effect is found


class Sample(Protocol):
    """Evidence of how far head lies from base."""

    @property
    def estimate(self) -> float: ...

    def interval(self, alpha: float) -> tuple[float, float]:
        """That misses the truth with a probability of at most alpha."""
        ...

    def p_value(self, floor: float) -> float:
        """Of the hypothesis that the truth lies within [-floor, floor]."""
        ...

    def smallest_effect(self, alpha: float, floor: float) -> float:
        """The truth that would be found to lie beyond the floor with a probability of POWER."""
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

    def p_value(self, floor: float) -> float:
        return sign.p_value(self.values, floor)

    def smallest_effect(self, alpha: float, floor: float) -> float:
        return sign.smallest_effect(self.values, len(self.values), alpha, floor, POWER)


@dataclass(frozen=True)
class Unpaired:
    """Two runs, one after the other: logarithms of the seconds of their repetitions."""

    base: tuple[float, ...]
    head: tuple[float, ...]

    @property
    def estimate(self) -> float:
        return float(np.median(self.head) - np.median(self.base))

    def interval(self, alpha: float) -> tuple[float, float]:
        return mann_whitney.interval(self.base, self.head, alpha)

    def p_value(self, floor: float) -> float:
        return mann_whitney.p_value(self.base, self.head, floor)

    def smallest_effect(self, alpha: float, floor: float) -> float:
        """Roughly: a truth as far off as half the interval is wide is found in half of all cases; for more it has to be
        further off as of a normal distribution."""
        low, high = self.interval(alpha)
        needed = norm.isf(alpha / 2)
        return floor + (high - low) / 2 * float((needed + norm.ppf(POWER)) / needed)


def paired(ratios: Sequence[float]) -> Paired:
    """Of times of head over base, round by round."""
    return Paired(tuple(np.log(ratios).tolist()))


def unpaired(base: Sequence[float], head: Sequence[float]) -> Unpaired:
    """Of seconds, repetition by repetition."""
    return Unpaired(tuple(np.log(base).tolist()), tuple(np.log(head).tolist()))
