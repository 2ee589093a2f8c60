"""Order statistics of repetitions, and groups."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from trilbench.results.rows import RowResult

T = TypeVar("T")
K = TypeVar("K")


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie, interpolated between neighbours. At least one value."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def median(values: Sequence[float]) -> float:
    """Of at least one value."""
    return quantile(values, 0.5)


@dataclass(frozen=True)
class Summary:
    """The repetitions of one row: its times in seconds, or a counter."""

    minimum: float
    p10: float
    median: float
    p90: float

    @property
    def spread(self) -> float:
        """(p90 - p10) / median."""
        return (self.p90 - self.p10) / self.median if self.median > 0 else 0.0


def summarise(values: Sequence[float]) -> Summary:
    """Summary of at least one repetition."""
    return Summary(min(values), quantile(values, 0.1), median(values), quantile(values, 0.9))


def evenly(values: Sequence[T], most: int) -> list[T]:
    """At most `most` of the values, two at least: from the first to the last at equal steps."""
    if len(values) <= most:
        return [*values]
    return [values[i * (len(values) - 1) // (most - 1)] for i in range(most)]


def grouped(values: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The values of each key, in the order in which they come."""
    groups: dict[K, list[T]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return groups


def times(row: RowResult) -> list[float]:
    """Seconds of each repetition; what is no time (a damaged file's NaN) is left out."""
    return [r.seconds for r in row.repetitions if math.isfinite(r.seconds) and r.seconds > 0]


def counter(row: RowResult, key: str) -> list[float]:
    """The counter in each repetition that has it and where it is finite."""
    return [r.counters[key] for r in row.repetitions if math.isfinite(r.counters.get(key, math.nan))]


# Whether repetitions fall into two groups: memory laid out in one of two ways, a clock that jumps.

_FEWEST_FOR_MODES = 6  # repetitions, below which two groups are chance
_WIDEST_GAP = 0.5  # of the whole range
_LEAST_STEP = 0.03  # of the median: a smaller step is no news


def has_two_modes(seconds: Sequence[float]) -> bool:
    """Whether one gap between neighbours takes up half of the whole range and 3 % of the median, with at least a
    quarter of the repetitions on either side. A single outlier is no mode."""
    ordered = sorted(seconds)
    if len(ordered) < _FEWEST_FOR_MODES:
        return False
    fewest = max(2, len(ordered) // 4)
    gaps = [(ordered[i] - ordered[i - 1], i) for i in range(fewest, len(ordered) - fewest + 1)]
    gap, _ = max(gaps)
    return gap > _WIDEST_GAP * (ordered[-1] - ordered[0]) and gap > _LEAST_STEP * ordered[len(ordered) // 2]
