"""What the self-test tries, and what it wants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trilbench.model.calibration import Trial

LEAST_COMPARISONS, MOST_COMPARISONS = 2, 20  # one is judged by the floors that the other's rounds set
LEAST_ROUNDS = 15  # of a comparison, if the bank allows more than two


def comparisons_of(rounds: int) -> int:
    """How many comparisons a bank is worth."""
    return min(MOST_COMPARISONS, max(LEAST_COMPARISONS, rounds // LEAST_ROUNDS))


@dataclass(frozen=True)
class Hogged:
    """The comparison in the midst of which another program kept the core busy."""

    words: str  # how it ended
    told: bool  # that nothing can be told, as it must be
    red: bool  # the worst: a regression was seen


@dataclass(frozen=True)
class Goal:
    """What share of the comparisons with a slowed kernel must find it."""

    slowdown: float
    margin: float
    found: float  # a share of the comparisons; 0: it is only told


GOALS = (Goal(0.10, 0.05, 19 / 20), Goal(0.05, 0.02, 16 / 20), Goal(0.03, 0.02, 0.0))
MARGINS = (0.05, 0.02)  # at which builds of the same code are compared


def unmet(trials: Sequence[Trial], wanted: Sequence[float], hog: Hogged) -> Iterator[str]:
    """What the trials fall short of, a line each. `wanted` is the share of finds for each trial."""
    for trial, share in zip(trials, wanted, strict=True):
        if trial.red:
            yield f"{trial.what}, margin {trial.margin:.0%}: {trial.red} of {trial.comparisons} raised a false alarm"
        if trial.found is not None and trial.found < share * trial.comparisons:
            yield (
                f"{trial.what}, margin {trial.margin:.0%}: found in {trial.found} of {trial.comparisons}, wanted in "
                f"{share:.0%}"
            )
    if not hog.told:
        yield f"beside programs that keep every core busy the comparison must say that it cannot tell: {hog.words}"
