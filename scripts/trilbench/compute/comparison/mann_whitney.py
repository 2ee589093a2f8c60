"""Mann and Whitney's test and its interval: exact for the shift between two samples of independent values, whatever
their distribution (Conover, Practical Nonparametric Statistics, 5.1 and 5.4).

Of all differences between a value of the one sample and one of the other, the number that is positive has a known
distribution where there is no shift. For two runs that were not measured in turn, so that no value of the one belongs
to a value of the other.
"""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np


def interval(base: Sequence[float], head: Sequence[float], alpha: float) -> tuple[float, float]:
    """The interval that misses the shift from base to head with a probability of at most `alpha`; unbounded if there
    are too few values."""
    ordered = sorted(_differences(base, head))
    k = sum(1 for at_most in _distribution(len(base), len(head)) if at_most <= alpha / 2)
    if k == 0:
        return -math.inf, math.inf
    return ordered[k - 1], ordered[-k]


def p_value(base: Sequence[float], head: Sequence[float], floor: float) -> float:
    """Of the hypothesis that the shift lies within [-floor, floor], against both sides. The interval at level alpha
    excludes one of the ends just when this is at most alpha."""
    differences = _differences(base, head)
    above = sum(difference > floor for difference in differences)
    below = sum(difference < -floor for difference in differences)
    distribution = _distribution(len(base), len(head))
    return min(1.0, 2 * distribution[len(differences) - max(above, below)])


def _differences(base: Sequence[float], head: Sequence[float]) -> list[float]:
    return [h - b for h in head for b in base]


@cache
def _distribution(base: int, head: int) -> tuple[float, ...]:
    """The probability that at most 0, 1, 2, ... differences are positive: the coefficients of the Gaussian binomial,
    the product of (1 - q^(base + i)) / (1 - q^i) over i = 1 .. head, which counts the orders of both samples."""
    ways = np.zeros(base * head + 1)
    ways[0] = 1
    for i in range(1, head + 1):
        shift = base + i
        if shift < len(ways):
            ways[shift:] -= ways[:-shift].copy()
        for place in range(i, len(ways)):
            ways[place] += ways[place - i]
    return tuple(np.cumsum(ways) / math.comb(base + head, head))
