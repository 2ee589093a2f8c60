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


def p_at_least(values: Sequence[float], limit: float) -> float:
    """Of the hypothesis that the median lies below the limit. The low end of the interval at level alpha lies at the
    limit or above it just when this is at most alpha / 2."""
    return _at_least(sum(value >= limit for value in values), len(values))


def p_below(values: Sequence[float], limit: float) -> float:
    """Of the hypothesis that the median lies at the limit or above it. The high end of the interval at level alpha lies
    below the limit just when this is at most alpha / 2."""
    return _at_least(sum(value < limit for value in values), len(values))


def p_value(values: Sequence[float]) -> float:
    """Of the hypothesis that there is no difference, against both sides."""
    above = sum(value > 0 for value in values)
    below = sum(value < 0 for value in values)
    return min(1.0, 2 * _at_least(max(above, below), len(values)))


def rounds_needed(alpha: float) -> int:
    """The least number of rounds with which anything at all can be found at the level."""
    return math.ceil(1 - math.log2(alpha))


def smallest_effect(noise: Sequence[float], rounds: int, alpha: float, limit: float, power: float = 0.8) -> float:
    """The smallest shift of the median that `rounds` of this noise would show to lie beyond the limit with the given
    power, at level alpha; infinite if no shift would. `noise` is a sample: its median does not matter."""
    k = rank(rounds, alpha)
    if k == 0 or len(noise) == 0:
        return math.inf
    centred = np.asarray(noise) - np.median(noise)
    return float(limit - np.quantile(centred, 1 - _often(k, rounds, power)))


@cache
def _often(k: int, rounds: int, power: float) -> float:
    """With which probability a round must pass the limit so that at most k - 1 fall short of it with the given one."""
    return float(brentq(lambda share: binom.cdf(k - 1, rounds, 1 - share) - power, 0.0, 1.0))


@cache
def _at_least(count: int, rounds: int) -> float:
    """The probability that at least so many of the rounds lie on one side of the median."""
    return float(binom.sf(count - 1, rounds, 0.5))
