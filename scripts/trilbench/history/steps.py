"""Where a series of times took another level for good.

Pelt (ruptures) proposes: the cheapest cutting into segments of at least five values, each charged the distances from
its median, and each cut a penalty. It proposes too much rather than too little. Every proposal is then tested, with
Yuen's t-test of trimmed means, on the segments at its sides; the weakest that fails is given up, its segments join, and
the others are tested again. A fifth of each segment's ends is trimmed, so that the odd value of five is not seen at
all: a spike is no step. The level of the test is divided by the number of places where a step could have been.

Runs that follow each other may resemble each other (a busy host stays busy for a while), and then n values are worth
fewer than n independent ones: by the factor (1 + c) / (1 - c) where neighbours correlate by c.

What it finds among simulated series, and how often it errs, stands in docs/method.md; the worst is noise of two modes,
in which five slow runs in a row look like a level.

Values are logarithms of seconds, so that a step is a ratio, and the same one for fast and slow.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import ruptures
from scipy.stats import median_abs_deviation, t, theilslopes, trim_mean
from scipy.stats.mstats import winsorize

LEAST_SEGMENT = 5  # runs; of fewer a spike could be half
FLOOR = 0.02  # a smaller share is no step: another layout of the same code makes as much
_TRIMMED = 0.2
_LEAST_NOISE = 0.001  # of a value, however often it was the same
_PENALTY = 2.0  # times log(n), in units of the noise
_MOST_CORRELATION = 0.8
_MOST_ASTRAY = 0.25


@dataclass(frozen=True)
class Step:
    """A change of level. Effects are differences of logarithms."""

    place: int  # index of the first value of the new level
    effect: float
    low: float  # the interval at the test's level
    high: float
    p_value: float  # corrected for the number of places
    gradual: bool  # a line through both segments fits better than two levels


def find_steps(values: Sequence[float], alpha: float, correlation: float = 0.0) -> tuple[Step, ...]:
    """The steps of a series in order, with a probability of at most `alpha` for any where there is none. Fewer than ten
    values have none. `correlation` is that of neighbours, from 0 to below 1."""
    series = np.asarray(values, dtype=float)
    places = cuts(series)
    while places:
        edges = [0, *places, len(series)]
        noise = _noise(series, edges, correlation)
        steps = [_step(series, *edges[i : i + 3], alpha, noise) for i in range(len(places))]
        failed = [step for step in steps if not _holds(step, series, alpha, edges)]
        if not failed:
            return tuple(steps)
        places.remove(max(failed, key=lambda step: step.p_value).place)
    return ()


def cuts(series: np.ndarray) -> list[int]:
    """Pelt's proposals: where segments begin, but for the first."""
    return [*_cuts(tuple(series.tolist()))]


@functools.lru_cache(maxsize=4096)  # what takes the time, and is asked for by correlations() and find_steps()
def _cuts(values: tuple[float, ...]) -> tuple[int, ...]:
    if len(values) < 2 * LEAST_SEGMENT:
        return ()
    series = np.array(values)
    # From differences of neighbours, which steps hardly touch.
    deviation = float(median_abs_deviation(np.diff(series), scale="normal")) / math.sqrt(2)
    noise = max(deviation, _LEAST_NOISE)
    pelt = ruptures.Pelt(model="l1", min_size=LEAST_SEGMENT, jump=1).fit((series / noise).reshape(-1, 1))
    edges = [0, *map(int, pelt.predict(_PENALTY * math.log(len(series))))]
    for i in range(1, len(edges) - 1):
        edges[i] = _without_spikes(series, *edges[i - 1 : i + 2], noise)
    return tuple(edges[1:-1])


def _without_spikes(series: np.ndarray, start: int, place: int, end: int, noise: float) -> int:
    """The place, or one close by if a spike beside the step has moved it: no value may cost more than three times the
    noise."""
    low, high = np.median(series[start:place]), np.median(series[place:end])
    to_old, to_new = (np.minimum(np.abs(series - level), 3 * noise) for level in (low, high))
    first, last = max(start + LEAST_SEGMENT, place - 3), min(end - LEAST_SEGMENT, place + 3)
    near = [place, *(k for k in range(first, last + 1) if k != place)]
    return min(near, key=lambda k: to_old[start:k].sum() + to_new[k:end].sum())


def correlations(series: Sequence[Sequence[float]]) -> list[float]:
    """How neighbours correlate in each of several series that were measured together: what the series itself says, and
    what they all say, weighed as if the latter were 25 values. A few dozen values alone would say little."""
    own = [_correlation(np.asarray(values, dtype=float)) for values in series]
    common = float(np.median(own)) if own else 0.0
    weighed = [(len(values) * c + 25 * common) / (len(values) + 25) for values, c in zip(series, own, strict=True)]
    return [min(max(c, 0.0), _MOST_CORRELATION) for c in weighed]


def _correlation(series: np.ndarray) -> float:
    """The correlation of neighbours round the levels that Pelt proposes, or round one line if that is less: steps
    pretend a correlation round a line, a drift round levels, and the noise itself shows in both. 0 where there are too
    few values."""
    if len(series) < 2 * LEAST_SEGMENT:
        return 0.0
    line = theilslopes(series)
    sloped = series - line.slope * np.arange(len(series))
    return min(
        _correlation_round(series, [0, *cuts(series), len(series)]), _correlation_round(sloped, [0, len(series)])
    )


def _correlation_round(series: np.ndarray, edges: Sequence[int]) -> float:
    """Round the segments' medians, corrected for what estimating those takes from it (Kendall); nothing odd counts more
    than three times the noise."""
    noise = float(median_abs_deviation(_rest(series, edges), scale="normal"))
    if noise < _LEAST_NOISE:
        return 0.0
    parts = [np.clip(part - np.median(part), -3 * noise, 3 * noise) for part in _parts(series, edges)]
    products = sum(float(part[1:] @ part[:-1]) for part in parts)
    raw = products / sum(float(part @ part) for part in parts)
    length = len(series) / len(parts)
    return (raw * length + 1) / (length - 3)


def _parts(series: np.ndarray, edges: Sequence[int]) -> list[np.ndarray]:
    return [series[start:end] for start, end in pairwise(edges)]


def _rest(series: np.ndarray, edges: Sequence[int]) -> np.ndarray:
    """What the levels leave."""
    return np.concatenate([part - np.median(part) for part in _parts(series, edges)])


@dataclass(frozen=True)
class _Noise:
    """What the test needs to know of the noise round the levels."""

    deviation: float
    freedom: float  # degrees of it
    inflation: float  # of a mean's variance, by correlated neighbours


def _noise(series: np.ndarray, edges: Sequence[int], correlation: float) -> _Noise:
    parts = _parts(series, edges)
    inflation = (1 + correlation) / (1 - correlation)
    freedom = max(sum(map(_kept, parts)) - inflation * len(parts), 1.0)
    # The trimmed ends are taken as the values next to them.
    pulled = [np.asarray(winsorize(part, limits=(_TRIMMED, _TRIMMED))) for part in parts]
    trimmed = math.sqrt(sum(len(part) * part.var() for part in pulled) / freedom)
    # With two modes, of which one is rare, what the trimming leaves may be the noise of the other alone.
    low, high = np.quantile(_rest(series, edges), [0.15, 0.85])
    middle = float(high - low) / 2.073
    return _Noise(max(trimmed, middle, _LEAST_NOISE), freedom, inflation)


def _kept(part: np.ndarray) -> int:
    """How many values the trimming leaves."""
    return len(part) - 2 * int(_TRIMMED * len(part))


def _step(series: np.ndarray, start: int, place: int, end: int, alpha: float, noise: _Noise) -> Step:
    before, after = series[start:place], series[place:end]
    effect = float(trim_mean(after, _TRIMMED) - trim_mean(before, _TRIMMED))
    error = noise.deviation * math.sqrt(noise.inflation * (1 / _kept(before) + 1 / _kept(after)))
    places = len(series) - 2 * LEAST_SEGMENT + 1
    p_value = min(1.0, 2 * float(t.sf(abs(effect) / error, noise.freedom)) * places)
    reach = float(t.isf(alpha / 2 / places, noise.freedom)) * error
    return Step(place, effect, effect - reach, effect + reach, p_value, _gradual(before, after))


def _holds(step: Step, series: np.ndarray, alpha: float, edges: Sequence[int]) -> bool:
    """Whether the step is significant, large enough to matter by trimmed means and by medians, and no episode: of each
    side at least three quarters lie nearer to their own level than to the other."""
    i = edges.index(step.place)
    before, after = _parts(series, edges[i - 1 : i + 2])
    old, new = float(np.median(before)), float(np.median(after))
    sides = ((before, old, new), (after, new, old))
    astray = max(float(np.mean(np.abs(part - own) > np.abs(part - other))) for part, own, other in sides)
    large = min(abs(new - old), abs(step.effect)) >= math.log1p(FLOOR)
    return step.p_value <= alpha and large and astray <= _MOST_ASTRAY


def _gradual(before: np.ndarray, after: np.ndarray) -> bool:
    both = np.concatenate([before, after])
    line = theilslopes(both)
    sloped = np.abs(both - line.intercept - line.slope * np.arange(len(both))).sum()
    return bool(sloped < np.abs(_rest(both, [0, len(before), len(both)])).sum())
