"""Which series today's runs say nothing of, though they are held against a baseline: what cannot be judged never
passes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trilbench.history.series import Series
from trilbench.history.steps import LEAST_SEGMENT
from trilbench.history.store import History


@dataclass(frozen=True)
class Open:
    """A benchmark that cannot be judged, or is wrong."""

    series: Series
    reason: str
    wrong: bool = False


def ended(history: History, chosen: Sequence[Series]) -> Iterator[Open]:
    """The series of ours that the baseline's runs or later ones hold and the newest do not: of a failed benchmark from
    its first failure on, of others from the run on with which a change would be seen too. Two kinds of runs may take
    turns; what ended before the baseline was accepted with it."""
    since = max(history.baseline_places, default=0)
    for series in chosen:
        last = series.points[-1].place
        if not series.ours or last < since:
            continue
        others = [other for other in chosen if other.name == series.name and other.points[-1].place > last]
        next_one = max(others, key=lambda other: other.points[-1].place, default=None)
        if place := _failed(history, series, next_one):
            yield Open(series, f"wrong or broken in {_run(history, place)}", wrong=True)
        elif len(history.runs) - 1 - last < LEAST_SEGMENT:
            continue
        elif next_one:
            yield Open(series, f"ended with {_run(history, last)}: {series.apart} became {next_one.apart}")
        else:
            yield Open(series, f"ended with {_run(history, last)}: no later run has it")


def _failed(history: History, series: Series, next_one: Series | None) -> int | None:
    """The newest run in which it failed, if it is newer than any that has its time."""
    name = series.name
    broken = {name.text, f"{name.operation} {name.shape} on {name.threads} threads"}  # the row, or its cell
    measured = (next_one or series).points[-1].place
    later = range(len(history.runs) - 1, measured, -1)
    return next((place for place in later if broken.intersection(history.runs[place].failures)), None)


def _run(history: History, place: int) -> str:
    run = history.runs[place]
    return f"{run.label} ({run.started[:10]})"
