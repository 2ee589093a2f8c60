"""Many benchmarks at once: what one alone may claim at 5 %, two dozen together may not."""

from collections.abc import Sequence

from scipy.stats import false_discovery_control


def holm_levels(p_values: Sequence[float], alpha: float) -> list[float]:
    """The level at which each hypothesis is tested so that all together err with a probability of at most `alpha`:
    Holm's steps. A hypothesis is rejected just when its p-value is at most its level."""
    levels = [0.0] * len(p_values)
    left = len(p_values)
    for i in sorted(range(len(p_values)), key=lambda i: p_values[i]):
        levels[i] = alpha / left
        if p_values[i] <= levels[i]:
            left -= 1
    return levels


def worth_a_look(p_values: Sequence[float], share: float) -> list[bool]:
    """The hypotheses of which at most `share` are expected to be false alarms: Benjamini and Hochberg's list."""
    if not p_values:
        return []
    return [bool(adjusted <= share) for adjusted in false_discovery_control(p_values)]
