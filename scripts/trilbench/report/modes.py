"""Whether a row's repetitions fall into two groups: memory laid out in one of two ways, a clock that jumps."""

from collections.abc import Sequence

_FEWEST = 6  # repetitions, below which two groups are chance
_WIDEST_GAP = 0.5  # of the whole range
_LEAST = 0.03  # of the median: a smaller step is no news


def has_two_modes(seconds: Sequence[float]) -> bool:
    """Whether one gap between neighbours takes up half of the whole range and 3 % of the median, with at least a
    quarter of the repetitions on either side. A single outlier is no mode."""
    ordered = sorted(seconds)
    if len(ordered) < _FEWEST:
        return False
    fewest = max(2, len(ordered) // 4)
    gaps = [(ordered[i] - ordered[i - 1], i) for i in range(fewest, len(ordered) - fewest + 1)]
    gap, _ = max(gaps)
    return gap > _WIDEST_GAP * (ordered[-1] - ordered[0]) and gap > _LEAST * ordered[len(ordered) // 2]
