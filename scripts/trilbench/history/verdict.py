"""What a history says: the changes of every series, how it stands to the baseline, and what cannot be judged, which
never passes."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trilbench.history.steps import LEAST_SEGMENT, Step, correlations, find_steps
from trilbench.history.store import OPENMP, History, KeptRow, KeptRun
from trilbench.results.names import MACHINE, PEER, BenchmarkName, parse_name
from trilbench.results.statistics import median
from trilbench.stop import Exit

Conditions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Point:
    """One run's."""

    place: int  # of the run in the history
    row: KeptRow
    counts: bool  # False: the run was disturbed


@dataclass(frozen=True)
class Series:
    """One benchmark under the same conditions."""

    name: BenchmarkName
    apart: str  # in what its conditions differ from those of the benchmark's other series; empty: it has no other
    points: tuple[Point, ...]

    @property
    def title(self) -> str:
        """The name without what every name of the suite has: causal_mean/prefix_mean/avx2/B:8/T:256/C:64."""
        plain = self.name.text.replace("/f32/", "/").removesuffix("/omp:1")
        return f"{plain} ({self.apart})" if self.apart else plain

    @property
    def counted(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.counts)

    @property
    def ours(self) -> bool:
        """Whether it times a variant of this suite, not a library or the machine."""
        return self.name.operation != MACHINE and self.name.isa != PEER


def series_of(runs: Sequence[KeptRun], disturbed_too: bool = False) -> tuple[Series, ...]:
    """Every series, by name. A benchmark whose conditions changed makes one for each: their times say nothing of each
    other."""
    found: dict[tuple[str, Conditions], list[Point]] = {}
    for place, run in enumerate(runs):
        for text, row in run.rows.items():
            key = text, _conditions(run, parse_name(text))
            found.setdefault(key, []).append(Point(place, row, disturbed_too or not run.disturbed))
    conditions: dict[str, list[Conditions]] = {}
    for text, of_series in found:
        conditions.setdefault(text, []).append(of_series)
    made = [
        Series(parse_name(text), _apart(of_series, conditions[text]), tuple(points))
        for (text, of_series), points in found.items()
    ]
    return tuple(sorted(made, key=lambda series: (series.name.text, series.points[0].place)))


def _conditions(run: KeptRun, name: BenchmarkName) -> Conditions:
    """What must be the same. How OpenMP is set up matters to rows on several threads alone."""
    of_run = {key: value for key, value in run.conditions.items() if name.threads > 1 or not key.startswith(OPENMP)}
    return tuple(sorted({**of_run, "flags": run.flags.get(name.isa, "")}.items()))


def _apart(own: Conditions, every: Sequence[Conditions]) -> str:
    values = Counter(pair for conditions in every for pair in conditions)
    different = [(key, value) for key, value in own if values[key, value] < len(every)]
    return "; ".join(f"{key.removeprefix('trilbench_')}: {value or 'none'}" for key, value in different)


_ASTRAY = 3  # runs that count, by which the place of a change may be wrong: that of a small one often is
_LIMIT_MOVED = "the machine's limit moved with it"
_LIMIT = (
    "slower than at the baseline, and the machine's limit with it: the machine, or both codes; scripts/compare of the "
    "two commits tells which"
)
_UNSEEN = "no run since the baseline counts: each was disturbed or lacks it"
_FEW = f"fewer than {2 * LEAST_SEGMENT} of its runs count: a change would not be seen yet"


@dataclass(frozen=True)
class Level:
    """A stretch of a series without a change. Places are those of runs in the history."""

    first: int
    last: int
    seconds: float  # the median


@dataclass(frozen=True)
class Change:
    """A series took another level."""

    old: Level
    new: Level
    ratio: float  # of times, new over old
    low: float  # the interval, corrected for the number of series and of places
    high: float
    gradual: bool  # a slope rather than a step
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
    limit_moved: bool  # so much slower together with the machine's limit: it may be the code of both

    @property
    def enough(self) -> bool:
        """Whether a change could have been found."""
        return len(self.series.counted) >= 2 * LEAST_SEGMENT


@dataclass(frozen=True)
class Open:
    """A benchmark that is wrong or cannot be judged."""

    series: Series
    reason: str
    code: Exit = Exit.NOT_COMPARABLE

    @property
    def wrong(self) -> bool:
        return self.code is Exit.WRONG_RESULT


@dataclass(frozen=True)
class Rule:
    """How a history is judged."""

    margin: float = 0.05  # share of the baseline's time that counts as a regression
    alpha: float = 0.05  # the probability of any false change among all series
    disturbed_too: bool = False  # whether disturbed runs count


@dataclass(frozen=True)
class Verdict:
    """All series of a machine's history that were asked for."""

    history: History
    rule: Rule
    judged: tuple[Judged, ...]
    open: tuple[Open, ...]

    @property
    def tells(self) -> bool:
        """Whether there are runs enough for an answer."""
        return self.history.lost or bool(self.open) or any(each.enough for each in self.judged)

    @property
    def code(self) -> Exit:
        if not self.judged:
            return Exit.NOTHING_MATCHED
        if any(each.regressed for each in self.judged):
            return Exit.WRONG_RESULT
        codes = {each.code for each in self.open} | ({Exit.NOT_COMPARABLE} if self.history.lost else set())
        return _worst(codes or {Exit.FINE if self.tells else Exit.TOO_NOISY})


def overall(verdicts: Sequence[Verdict]) -> Exit:
    """The exit code of several machines: one with too few runs says nothing against another's answer."""
    return _worst({each.code for each in verdicts if each.tells} or {each.code for each in verdicts})


def _worst(codes: set[Exit]) -> Exit:
    order = (Exit.WRONG_RESULT, Exit.NOT_COMPARABLE, Exit.TOO_NOISY, Exit.FINE, Exit.NOTHING_MATCHED)
    return min(codes, key=order.index)


def judge(history: History, rule: Rule, chooses: Callable[[BenchmarkName], bool] = lambda _: True) -> Verdict:
    """Judges the history's series, or those of chosen benchmarks."""
    chosen = [series for series in series_of(history.runs, rule.disturbed_too) if chooses(series.name)]
    logs = [[math.log(point.row.median) for point in series.counted] for series in chosen]
    tested = sum(len(values) >= 2 * LEAST_SEGMENT for values in logs)
    judged = tuple(
        _judged(history, series, find_steps(values, rule.alpha / max(tested, 1), correlation), rule)
        for series, values, correlation in zip(chosen, logs, correlations(logs), strict=True)
    )
    moved = (Open(each.series, _LIMIT, Exit.TOO_NOISY) for each in judged if each.limit_moved)
    ended = tuple(_ended(history, chosen))
    told = {each.series for each in ended}
    unknown = [(series, why) for series in chosen if series not in told and (why := _unknown(history, series))]
    if not any(each.enough for each in judged):  # then nothing is known of any, which the verdict tells itself
        unknown = [(series, why) for series, why in unknown if why is not _FEW]
    cannot = (*ended, *moved, *(Open(series, why, Exit.TOO_NOISY) for series, why in unknown))
    return Verdict(history, rule, judged, cannot)


def _judged(history: History, series: Series, steps: Sequence[Step], rule: Rule) -> Judged:
    points = series.counted
    parts = [points[start:end] for start, end in pairwise([0, *(step.place for step in steps), len(points)])]
    levels = tuple(
        Level(part[0].place, part[-1].place, median([point.row.median for point in part])) for part in parts if part
    )
    shares = [[point.row.of_limit for point in part if point.row.of_limit] for part in parts]
    changes = []
    for (old, new), (old_shares, new_shares), step in zip(pairwise(levels), pairwise(shares), steps, strict=True):
        of_limit = median(new_shares) / median(old_shares) if old_shares and new_shares else None
        near = points[max(step.place - 1 - _ASTRAY, 0) : step.place + 1 + _ASTRAY]
        around = [history.runs[point.place] for point in near]
        changes.append(_change(history.runs, series, old, new, step, around, of_limit))
    if _unknown(history, series):
        since, slower, perhaps = None, False, False
    else:
        since, slower, perhaps = _since_baseline(series, levels, changes, history.baseline_places, rule.margin)
    return Judged(series, levels, tuple(changes), since, regressed=slower, limit_moved=perhaps and not slower)


def _change(
    runs: Sequence[KeptRun],
    series: Series,
    old: Level,
    new: Level,
    step: Step,
    around: Sequence[KeptRun],
    of_limit: float | None,
) -> Change:
    """`around` are the runs between any two of which it may have been; `of_limit` is the ratio of the shares of the
    machine's limit."""
    before, after = runs[old.last], runs[new.first]
    advisory = ""
    if not series.ours:
        advisory = "no code of this suite"
    elif all(_same_program(*neighbours, series) for neighbours in pairwise(around)):
        advisory = "the same program on both sides: the machine or its surroundings"
    elif of_limit is not None and abs(step.effect + math.log(of_limit)) > abs(step.effect) / 2:
        advisory = _LIMIT_MOVED
    ratio, low, high = map(math.exp, (step.effect, step.low, step.high))
    remarks = tuple(_differences(before.surroundings, after.surroundings))
    return Change(old, new, ratio, low, high, step.gradual, advisory, remarks)


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


def _since_baseline(
    series: Series, levels: Sequence[Level], changes: Sequence[Change], baseline: Sequence[int], margin: float
) -> tuple[float | None, bool, bool]:
    """Today's level over the one that the baseline lies in: one run's time is a draw, a level's is not, so what no
    change separates is the same. And whether it is slower by the code's doing, or by the code's or the limit's."""
    place = max(baseline, default=-1)
    if not levels or not levels[0].first <= place <= series.points[-1].place:
        return None, False, False
    since = changes[sum(level.first <= place for level in levels) - 1 :]
    ratio = math.prod(change.ratio for change in since)
    ours = math.prod(change.ratio for change in since if not change.advisory)
    perhaps = math.prod(change.ratio for change in since if change.advisory in ("", _LIMIT_MOVED))
    slower, maybe = (series.ours and min(ratio, part) >= 1 + margin for part in (ours, perhaps))
    return ratio, slower, maybe


def _unknown(history: History, series: Series) -> str:
    """Why nothing is known of how a series of ours stands to the baseline that has it; empty if something is, or the
    baseline is the newest run. Its last level would be the baseline's own, which always passes."""
    place = max(history.baseline_places, default=len(history.runs))
    held = series.points[0].place <= place <= series.points[-1].place
    followed = place < len(history.runs) - 1
    if not (series.ours and held and followed):
        return ""
    if all(point.place <= place for point in series.counted):
        return _UNSEEN
    return _FEW if len(series.counted) < 2 * LEAST_SEGMENT else ""


def _ended(history: History, chosen: Sequence[Series]) -> Iterator[Open]:
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
        ending = f"ended with {history.runs[last].words}"
        if failed := _failure(history, series, (next_one or series).points[-1].place):
            yield Open(series, f"wrong or broken in {failed.words}", Exit.WRONG_RESULT)
        elif len(history.runs) - 1 - last < LEAST_SEGMENT:
            continue
        elif next_one:
            yield Open(series, f"{ending}: {series.apart} became {next_one.apart}")
        else:
            yield Open(series, f"{ending}: no later run has it")


def _failure(history: History, series: Series, measured: int) -> KeptRun | None:
    """The newest run in which it, or its cell, failed since it was last measured."""
    name = series.name
    broken = {name.text, f"{name.operation} {name.shape} on {name.threads} threads"}
    later = reversed(history.runs[measured + 1 :])
    return next((run for run in later if broken.intersection(run.failures)), None)
