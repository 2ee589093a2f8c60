"""A calibration as text: what this machine and this tool can tell."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from trilbench.compare.calibration import Calibration, Trial
from trilbench.compare.floors import exact_interval
from trilbench.results.units import count, countdown, percentage


def print_calibration(console: Console, calibration: Calibration, unmet: Sequence[str]) -> None:
    """Prints the rates of each trial, the floors, and what falls short of the goals."""

    def line(text: str = "", style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=True)

    line()
    line(
        f"{count(calibration.rounds, 'round')} in {countdown(calibration.seconds)}, {calibration.disturbed} of them "
        f"disturbed; comparisons of {calibration.rounds_each} rounds each, none of which shares a round with another"
    )
    line()
    width = max(len(trial.what) for trial in calibration.trials)
    line(f"{'':<{width}}  margin  {'false alarms':<22} {'wrong verdicts':<22} {'found':<22} untold", "bold")
    for trial in calibration.trials:
        cells = [_rate(events, trial) for events in (trial.red, trial.wrong, trial.found)]
        rates = " ".join(f"{cell:<22}" for cell in cells)
        line(f"{trial.what:<{width}}  {percentage(trial.margin):>6}  {rates} {trial.untold}")
    line()
    line(f"beside programs that keep every core busy: {calibration.hog}")
    for text in (*remarks(calibration), *(f"NOT MET: {text}" for text in unmet)):
        line(text, "yellow" if text.startswith("NOT MET") else "")


def remarks(calibration: Calibration) -> Iterator[str]:
    """What later comparisons take from it."""
    floors = sorted(calibration.floors.values())
    name = max(calibration.floors, key=lambda name: calibration.floors[name])
    yield (
        f"builds of the same code came out apart by {floors[len(floors) // 2]:.1%} in the median benchmark and by "
        f"{floors[-1]:.1%} in the worst ({name}): of each benchmark no difference below its own "
        "floor, at least 1 %, is called one"
    )


def in_short(calibration: Calibration | None) -> str:
    """One line for every later comparison."""
    if not calibration:
        return "not calibrated on this machine: scripts/compare --self-test tells what it can find here"
    trials = calibration.trials
    margin = max(trial.margin for trial in trials)
    equal = next(trial for trial in trials if trial.found is None and trial.margin == margin)
    found = ", ".join(
        f"{trial.what} in {trial.found} of {trial.comparisons} at margin {percentage(trial.margin)}"
        for trial in trials
        if trial.found is not None
    )
    return (
        f"calibrated {calibration.started[:10]} by {count(calibration.rounds, 'round')}: {equal.red} false alarms in "
        f"{equal.comparisons} comparisons of a program with itself at margin {percentage(margin)}; found: {found}"
    )


def _rate(events: int | None, trial: Trial) -> str:
    if events is None:
        return ""
    low, high = exact_interval(events, trial.comparisons)
    return f"{events} of {trial.comparisons} ({low:.0%} to {high:.0%})"
