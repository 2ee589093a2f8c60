"""Many benchmarks at once: what one alone may claim at 5 %, two dozen together may not."""

from collections.abc import Sequence

from scipy.stats import false_discovery_control


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
    if not p_values:
        return []
    return [bool(adjusted <= share) for adjusted in false_discovery_control(p_values)]
