"""Order statistics of repetitions."""

from collections.abc import Sequence
from dataclasses import dataclass


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie, interpolated between neighbours. At least one value."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@dataclass(frozen=True)
class Summary:
    """Times of one row, in seconds."""

    minimum: float
    median: float
    p90: float
    spread: float  # (p90 - p10) / median


def summarise(seconds: Sequence[float]) -> Summary:
    """Summary of at least one repetition."""
    median, p90 = quantile(seconds, 0.5), quantile(seconds, 0.9)
    spread = (p90 - quantile(seconds, 0.1)) / median if median > 0 else 0.0
    return Summary(min(seconds), median, p90, spread)
