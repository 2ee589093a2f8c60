"""The sign test and its interval: exact for the median of independent rounds, whatever their distribution.

Under any distribution a round lies above its median with probability one half, so the number of rounds above is
binomial. Heavy tails, skew and two modes change nothing (Conover, Practical Nonparametric Statistics, 3.1-3.2). Values
are logarithms of ratios: 0 is no difference.
"""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom


@cache  # here and below: SciPy's distributions are slow, and asked the same of every benchmark
def rank(rounds: int, alpha: float) -> int:
    """The k for which the k-th smallest and the k-th largest of the values bound the median with an error of at most
    `alpha`; 0 if so few rounds allow no such interval."""
    k = int(binom.ppf(alpha / 2, rounds, 0.5))
    return k + 1 if binom.cdf(k, rounds, 0.5) <= alpha / 2 else k


def interval(values: Sequence[float], alpha: float) -> tuple[float, float]:
    """The interval that misses the median with a probability of at most `alpha`; unbounded if there are too few."""
    k = rank(len(values), alpha)
    if k == 0:
        return -math.inf, math.inf
    ordered = sorted(values)
    return ordered[k - 1], ordered[-k]


def p_value(values: Sequence[float], floor: float) -> float:
    """Of the hypothesis that the median lies within [-floor, floor], against both sides. The interval at level alpha
    excludes one of the ends just when this is at most alpha."""
    above = sum(value > floor for value in values)
    below = sum(value < -floor for value in values)
    return min(1.0, 2 * _at_least(max(above, below), len(values)))


@cache
def _at_least(above: int, rounds: int) -> float:
    """The probability that so many rounds or more lie above their median."""
    return float(binom.sf(above - 1, rounds, 0.5))


def rounds_needed(alpha: float) -> int:
    """The least number of rounds with which anything at all can be found at the level."""
    return math.ceil(1 - math.log2(alpha))


def smallest_effect(noise: Sequence[float], rounds: int, alpha: float, floor: float, power: float = 0.8) -> float:
    """The smallest shift of the median that `rounds` of this noise would show to lie beyond the floor with the given
    power, at level alpha; infinite if no shift would. `noise` is a sample: its median does not matter."""
    k = rank(rounds, alpha)
    if k == 0 or len(noise) == 0:
        return math.inf
    # At most k - 1 rounds may fall short of the floor: how often must one pass it for that?
    often = brentq(lambda share: binom.cdf(k - 1, rounds, 1 - share) - power, 0.0, 1.0)
    centred = np.asarray(noise) - np.median(noise)
    return float(floor - np.quantile(centred, 1 - often))
