"""What a history says: the changes of every series, and how it stands to the baseline."""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from trilbench.history.open import Open, ended
from trilbench.history.series import Series, series_of
from trilbench.history.steps import LEAST_SEGMENT, Step, correlations, find_steps
from trilbench.history.store import History, KeptRun
from trilbench.stop import Exit

_LIMIT_MOVED = "the machine's limit moved with it"
_LIMIT = (
    "slower than at the baseline, and the machine's limit with it: the machine, or both codes; scripts/compare of the "
    "two commits tells which"
)


@dataclass(frozen=True)
class Level:
    """A stretch of a series without a change. Places are those of runs in the history."""

    first: int
    last: int
    seconds: float  # the median


@dataclass(frozen=True)
class Change:
    """A series took another level."""

    before: int  # place of the last run of the old level
    after: int  # of the first run of the new one
    ratio: float  # of times, new over old
    low: float  # the interval, corrected for the number of series and of places
    high: float
    gradual: bool  # a slope rather than a step
    of_limit: float | None  # ratio of the shares of the machine's limit
    advisory: str  # why it is not the code's doing; empty: it may be
    remarks: tuple[str, ...]  # what else changed between the two runs


@dataclass(frozen=True)
class Judged:
    """One series."""

    series: Series
    levels: tuple[Level, ...]
    changes: tuple[Change, ...]
    since_baseline: float | None  # today's level over the baseline's, ratio of times; None: there is none to compare
    regressed: bool  # slower by the margin or more since the baseline, and the code may be the reason
    limit_moved: bool = False  # so much slower together with the machine's limit: it may be the code of both

    @property
    def enough(self) -> bool:
        """Whether a change could have been found."""
        return len(self.series.counted) >= 2 * LEAST_SEGMENT


@dataclass(frozen=True)
class Verdict:
    """All series of a machine's history that were asked for."""

    judged: tuple[Judged, ...]
    open: tuple[Open, ...]  # what cannot be judged, or is wrong
    code: Exit


@dataclass(frozen=True)
class Rule:
    """How a history is judged."""

    margin: float = 0.05  # share of the baseline's time that counts as a regression
    alpha: float = 0.05  # the probability of any false change among all series
    disturbed_too: bool = False  # whether disturbed runs count


def judge(history: History, rule: Rule, select: Sequence[Series] | None = None) -> Verdict:
    """Judges the history's series, or some of them."""
    chosen = series_of(history.runs, rule.disturbed_too) if select is None else select
    logs = [[math.log(point.row.median) for point in series.counted] for series in chosen]
    tested = sum(len(values) >= 2 * LEAST_SEGMENT for values in logs)
    judged = [
        _judged(history, series, find_steps(values, rule.alpha / max(tested, 1), correlation), rule)
        for series, values, correlation in zip(chosen, logs, correlations(logs), strict=True)
    ]
    unjudged = (*ended(history, chosen), *(Open(each.series, _LIMIT) for each in judged if each.limit_moved))
    return Verdict(tuple(judged), unjudged, _code(judged, unjudged))


def _code(judged: Sequence[Judged], unjudged: Sequence[Open]) -> Exit:
    if not judged:
        return Exit.NOTHING_MATCHED
    if any(each.regressed for each in judged) or any(each.wrong for each in unjudged):
        return Exit.WRONG_RESULT
    if unjudged:
        return Exit.NOT_COMPARABLE
    return Exit.FINE if any(each.enough for each in judged) else Exit.TOO_NOISY


def _judged(history: History, series: Series, steps: Sequence[Step], rule: Rule) -> Judged:
    points = series.counted
    edges = [0, *(step.place for step in steps), len(points)]
    parts = [points[start:end] for start, end in pairwise(edges)]
    levels = tuple(
        Level(part[0].place, part[-1].place, float(np.median([point.row.median for point in part])))
        for part in parts
        if part
    )
    shares = [[point.row.of_limit for point in part if point.row.of_limit] for part in parts]
    changes = []
    for i, step in enumerate(steps):
        both = shares[i] and shares[i + 1]
        of_limit = float(np.median(shares[i + 1]) / np.median(shares[i])) if both else None
        changes.append(_change(history.runs, series, levels[i].last, levels[i + 1].first, step, of_limit))
    judged = Judged(series, levels, tuple(changes), None, regressed=False)
    return _against_baseline(judged, history.baseline_places, rule)


def _change(
    runs: Sequence[KeptRun], series: Series, before: int, after: int, step: Step, of_limit: float | None
) -> Change:
    old, new = runs[before], runs[after]
    advisory = ""
    if not series.ours:
        advisory = "no code of this suite"
    elif _same_program(old, new, series):
        advisory = "the same program on both sides: the machine or its surroundings"
    elif of_limit is not None and abs(step.effect + math.log(of_limit)) > abs(step.effect) / 2:
        advisory = _LIMIT_MOVED
    return Change(
        before=before,
        after=after,
        ratio=math.exp(step.effect),
        low=math.exp(step.low),
        high=math.exp(step.high),
        gradual=step.gradual,
        of_limit=of_limit,
        advisory=advisory,
        remarks=tuple(_differences(old.surroundings, new.surroundings)),
    )


def _same_program(old: KeptRun, new: KeptRun, series: Series) -> bool:
    """Whether both runs measured the same binary, or clean builds of the same commit with the same tools."""
    operation = series.name.operation
    if operation in old.programs and old.programs[operation] == new.programs.get(operation):
        return True
    same_sources = old.commit == new.commit != "unknown" and old.dirty is new.dirty is False
    return same_sources and old.surroundings.get("compiler") == new.surroundings.get("compiler")


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield f"{key.replace('_', ' ')}: {old.get(key, 'unknown')} -> {new.get(key, 'unknown')}"


def _against_baseline(judged: Judged, baseline: Sequence[int], rule: Rule) -> Judged:
    """Holds today's level against the one that the baseline lies in. One run's time is a draw, a level's is not; so
    what no change separates is the same."""
    place = max(baseline, default=-1)
    if not judged.levels or not judged.levels[0].first <= place <= judged.series.points[-1].place:
        return judged
    held = sum(level.first <= place for level in judged.levels) - 1
    since = judged.changes[held:]
    ratio = math.prod(change.ratio for change in since)
    ours = math.prod(change.ratio for change in since if not change.advisory)
    perhaps = math.prod(change.ratio for change in since if change.advisory in ("", _LIMIT_MOVED))
    slower = [judged.series.ours and min(ratio, part) >= 1 + rule.margin for part in (ours, perhaps)]
    return dataclasses.replace(
        judged, since_baseline=ratio, regressed=slower[0], limit_moved=slower[1] and not slower[0]
    )
