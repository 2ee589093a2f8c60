"""What was measured of one benchmark, as something to draw conclusions from. All values are logarithms of ratios of
times, head over base: 0 is no difference.

Both kinds of evidence are a number of differences of which we know how many lie above the truth by chance, whatever the
distribution of times: heavy tails, skew and two modes change nothing (Conover, Practical Nonparametric Statistics).
Tests and intervals follow from that, exactly, and so agree with each other.

Of rounds in turn, each ratio lies above their median with probability one half, so that their number is binomial: the
sign test (3.1). Rounds that follow each other may be alike, since what disturbs one still lasts in the next; n of them
with a correlation of r between neighbours tell as much as n (1 - r) / (1 + r) that are independent, which is what the
binomial distribution is given. Of processes that were not measured in turn, all differences between one of head and one
of base are taken: Mann and Whitney's test (5.1, 5.4).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import betainc, betaincinv
from scipy.stats import false_discovery_control, norm, rankdata

POWER = 0.8  # with which the smallest effect is found
_MOST_ALIKE = 0.99  # of neighbouring rounds


@dataclass(frozen=True)
class Sample:
    """Evidence of how far head lies from base."""

    differences: np.ndarray  # ascending
    chances: np.ndarray  # that at most 0, 1, 2, ... of them lie on one side of the truth
    often: Callable[[int], float]  # with which probability one has to lie beyond a limit, so that but k do not

    @property
    def estimate(self) -> float:
        return float(np.median(self.differences)) if len(self.differences) else math.nan

    def interval(self, alpha: float) -> tuple[float, float]:
        """That misses the truth with a probability of at most alpha; unbounded if there is too little for one."""
        k = self._outside(alpha)
        return (float(self.differences[k - 1]), float(self.differences[-k])) if k else (-math.inf, math.inf)

    def p_at_least(self, limit: float) -> float:
        """Of the hypothesis that the truth lies below the limit. The low end of the interval at level alpha lies at the
        limit or above it just when this is at most alpha / 2."""
        return float(self.chances[(self.differences < limit).sum()])

    def p_below(self, limit: float) -> float:
        """Of the hypothesis that the truth lies at the limit or above it. The high end of the interval at level alpha
        lies below the limit just when this is at most alpha / 2."""
        return float(self.chances[(self.differences >= limit).sum()])

    def p_value(self) -> float:
        """Of the hypothesis that there is no difference."""
        most = max((self.differences > 0).sum(), (self.differences < 0).sum())
        return min(1.0, 2 * float(self.chances[len(self.differences) - most]))

    def smallest_effect(self, alpha: float, limit: float) -> float:
        """The truth that would be found to lie beyond the limit with a probability of POWER; infinite if none would."""
        k = self._outside(alpha)
        share = self.often(k - 1) if k else 2.0
        if share > 1:
            return math.inf
        return float(limit - np.quantile(self.differences - np.median(self.differences), 1 - share))

    def _outside(self, alpha: float) -> int:
        """How many differences lie outside the interval on each side, and one; 0: there is no interval."""
        return int((self.chances <= alpha / 2).sum())


def paired(ratios: Sequence[float], autocorrelation: float = 0.0) -> Sample:
    """Of times of head over base, round by round; rounds that follow each other correlate so."""
    return of_noise(np.log(ratios), len(ratios), autocorrelation)


def of_noise(logarithms: np.ndarray, rounds: int, autocorrelation: float) -> Sample:
    """Of so many rounds like these."""
    worth = worth_of(autocorrelation)

    def often(k: int) -> float:
        return float(betaincinv((rounds - k) * worth, k * worth + 1, POWER))

    return Sample(np.sort(logarithms), _signs(rounds, worth), often)


def unpaired(base: Sequence[float], head: Sequence[float]) -> Sample:
    """Of seconds, process by process."""
    differences = np.sort(np.subtract.outer(np.log(head), np.log(base)).ravel())
    number, deviation = len(differences), math.sqrt(len(differences) * (len(base) + len(head) + 1) / 12)

    def often(k: int) -> float:
        """Roughly: as of a normal distribution."""
        return float(1 - (k - deviation * norm.ppf(POWER)) / number)

    return Sample(differences, _ranks(len(base), len(head)), often)


def worth_of(autocorrelation: float) -> float:
    """The part of such rounds that would tell as much if they were independent."""
    return (1 - autocorrelation) / (1 + autocorrelation)


def autocorrelation(values: Sequence[float]) -> float:
    """Of rounds that follow each other, 0 to 1: by ranks, so that no outlier hides it. Neighbours that repel each other
    count as independent."""
    ranks = rankdata(values) - (len(values) + 1) / 2
    total = float((ranks**2).sum())
    return min(max(0.0, float((ranks[1:] * ranks[:-1]).sum()) / total), _MOST_ALIKE) if total else 0.0


def usual_autocorrelation(rows: Sequence[Sequence[float]]) -> float:
    """Of the rounds of a comparison, from what all its benchmarks show of it, since few rounds show little for certain:
    the upper quartile, or, where those are few, the median with what short series hide (Marriott and Pope, Biometrika
    41, 1954) and its standard error. A head that is slower by whatever share does not change it."""
    found = [autocorrelation(row) for row in rows]
    if not any(found):
        return 0.0
    rounds, middle = len(rows[0]), float(np.median(found))
    hidden = (1 + 3 * middle) / rounds + math.sqrt((1 - middle**2) / (rounds * len(rows)))
    return min(max(float(np.quantile(found, 0.75)), middle + hidden), _MOST_ALIKE)


def rounds_needed(alpha: float, autocorrelation: float = 0.0) -> int:
    """The least number of rounds with which anything at all can be found at the level."""
    return math.ceil((1 - math.log2(alpha)) / worth_of(autocorrelation))


def runs_needed(alpha: float) -> int:
    """The least number of processes on each side that were not measured in turn."""
    return next(n for n in range(1, 1000) if 1 / math.comb(2 * n, n) <= alpha / 2)


@cache  # asked the same of every benchmark
def _signs(rounds: int, worth: float) -> np.ndarray:
    """That at most 0, 1, 2, ... of the rounds lie above their median: the binomial distribution's, which the incomplete
    beta function continues to numbers that are not whole."""
    k = np.arange(rounds)
    return np.append(betainc((rounds - k) * worth, k * worth + 1, 0.5), 1.0)


@cache
def _ranks(base: int, head: int) -> np.ndarray:
    """That at most 0, 1, 2, ... differences are positive: the coefficients of the Gaussian binomial, the product of
    (1 - q^(base + i)) / (1 - q^i) over i = 1 .. head, which counts the orders of both samples. As shares of all orders,
    for their number has no bounds."""
    shares = np.zeros(base * head + 1)
    shares[0] = 1
    for i in range(1, head + 1):
        shift = base + i
        if shift < len(shares):
            shares[shift:] -= shares[:-shift].copy()
        rows = np.pad(shares, (0, -len(shares) % i)).reshape(-1, i)  # each the i that the next builds on
        shares = rows.cumsum(axis=0).ravel()[: len(shares)] * (i / shift)
    return np.cumsum(shares)


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
    return [bool(adjusted <= share) for adjusted in false_discovery_control(p_values)] if p_values else []
