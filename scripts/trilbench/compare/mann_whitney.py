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
from scipy.stats import norm

_MOST_COUNTED = 10_000  # differences; beyond, counting takes long and the normal distribution is as good


def interval(base: Sequence[float], head: Sequence[float], alpha: float) -> tuple[float, float]:
    """The interval that misses the shift from base to head with a probability of at most `alpha`; unbounded if there
    are too few values."""
    ordered = np.sort(_differences(base, head))
    k = int((_distribution(len(base), len(head)) <= alpha / 2).sum())
    if k == 0:
        return -math.inf, math.inf
    return float(ordered[k - 1]), float(ordered[-k])


def p_at_least(base: Sequence[float], head: Sequence[float], limit: float) -> float:
    """Of the hypothesis that the shift lies below the limit. The low end of the interval at level alpha lies at the
    limit or above it just when this is at most alpha / 2."""
    return float(_distribution(len(base), len(head))[int((_differences(base, head) < limit).sum())])


def p_below(base: Sequence[float], head: Sequence[float], limit: float) -> float:
    """Of the hypothesis that the shift lies at the limit or above it. The high end of the interval at level alpha lies
    below the limit just when this is at most alpha / 2."""
    return float(_distribution(len(base), len(head))[int((_differences(base, head) >= limit).sum())])


def p_value(base: Sequence[float], head: Sequence[float]) -> float:
    """Of the hypothesis that there is no shift, against both sides."""
    differences = _differences(base, head)
    fewest = len(differences) - max(int((differences > 0).sum()), int((differences < 0).sum()))
    return min(1.0, 2 * float(_distribution(len(base), len(head))[fewest]))


def _differences(base: Sequence[float], head: Sequence[float]) -> np.ndarray:
    return np.subtract.outer(np.asarray(head), np.asarray(base)).ravel()


@cache
def _distribution(base: int, head: int) -> np.ndarray:
    """The probability that at most 0, 1, 2, ... differences are positive."""
    return _counted(base, head) if base * head <= _MOST_COUNTED else _normal(base, head)


def _counted(base: int, head: int) -> np.ndarray:
    """Exactly: the coefficients of the Gaussian binomial, the product of (1 - q^(base + i)) / (1 - q^i) over
    i = 1 .. head, which counts the orders of both samples. As shares of all orders, for their number has no bounds."""
    shares = np.zeros(base * head + 1)
    shares[0] = 1
    for i in range(1, head + 1):
        shift = base + i
        if shift < len(shares):
            shares[shift:] -= shares[:-shift].copy()
        rows = np.pad(shares, (0, -len(shares) % i)).reshape(-1, i)  # each the i that the next builds on
        shares = rows.cumsum(axis=0).ravel()[: len(shares)] * (i / shift)
    return np.cumsum(shares)


def _normal(base: int, head: int) -> np.ndarray:
    """The normal distribution that the exact one nears, whose tails are a little heavier."""
    deviation = math.sqrt(base * head * (base + head + 1) / 12)
    return np.asarray(norm.cdf((np.arange(base * head + 1) + 0.5 - base * head / 2) / deviation))
