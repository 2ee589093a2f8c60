"""From what was measured to a verdict for each benchmark, all of them judged together.

A benchmark is decided in three parts against the margin: its interval's low end lies at the margin or above (slower:
the gate falls), its high end lies below (the gate lets it pass), or neither (it cannot be told, which is no pass). So a
head that is worse never fares better.

A floor, the difference that builds of the same code were seen to show, raises the limit from which on something is
slower. It lets nothing pass: between the margin and a floor above it lies what cannot be told.
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from trilbench.compare.record import Calibration, Comparison, Measured, Round
from trilbench.compare.sample import (
    Sample,
    bonferroni,
    holm,
    paired,
    runs_needed,
    unpaired,
    usual_autocorrelation,
    worth_a_look,
    worth_of,
)
from trilbench.machine.noise import LEAST_SHARE, are_busy
from trilbench.results.names import PEER, parse_name
from trilbench.results.units import count
from trilbench.stop import Exit

ASSUMED_SPREAD = 0.03  # of rounds where no calibration is known: a shared machine on an ordinary day
LEAST_FLOOR = 0.01  # a difference that no comparison of two builds can tell from a difference of layout


class Verdict(StrEnum):
    """What can be said of one benchmark. All but the first two pass."""

    SLOWER = "slower"  # by the margin or more
    CANNOT_TELL = "cannot tell"
    NOT_SLOWER = "not slower"  # by the margin; it may be faster
    SAME = "same"  # within the margin
    FASTER = "faster"  # by the margin or more


@dataclass(frozen=True)
class Rule:
    """How a comparison is judged. Shares of the base's time."""

    margin: float = 0.05  # what counts as a regression
    alpha: float = 0.05  # the probability of any wrong decision among all benchmarks
    look: float = 0.05  # the share of false alarms in the list worth a look


@dataclass(frozen=True)
class Judgement:
    """One benchmark's: times of head over base."""

    estimate: float  # the median
    low: float  # the interval: all benchmarks' together miss a truth with a probability of at most alpha
    high: float
    verdict: Verdict
    worth_a_look: bool
    smallest_effect: float  # the share by which head would have to be slower to be found with 80 % power
    floor: float  # a difference within it is none
    of_layout: bool  # slower by the margin, but builds of the same code were seen as far apart

    @property
    def beyond_floor(self) -> int:
        """1 if it is certainly slower than builds of the same code come out, -1 if faster; else 0."""
        return (self.low > 1 + self.floor) - (self.high < 1 / (1 + self.floor))


def judge(samples: Mapping[str, Sample], floors: Mapping[str, float], rule: Rule) -> dict[str, Judgement]:
    """Judges all benchmarks of a comparison together. `floors` holds a share for each, 1 % where there is none.

    What falls and what passes is decided by Holm's steps, each with half of alpha; the intervals are Bonferroni's. Holm
    decides whatever the intervals show, and sometimes one whose interval still reaches over the limit."""
    margin = math.log1p(rule.margin)
    floor = {name: math.log1p(max(floors.get(name, 0.0), LEAST_FLOOR)) for name in samples}
    limit = {name: max(margin, floor[name]) for name in samples}
    falls = holm([sample.p_at_least(limit[name]) for name, sample in samples.items()], rule.alpha / 2)
    passes = holm([sample.p_below(margin) for sample in samples.values()], rule.alpha / 2)
    looks = worth_a_look([sample.p_value() for sample in samples.values()], rule.look)
    level = bonferroni(rule.alpha, len(samples))
    found = {}
    for (name, sample), fallen, passed, look in zip(samples.items(), falls, passes, looks, strict=True):
        low, high = sample.interval(level)
        found[name] = Judgement(
            estimate=math.exp(sample.estimate),
            low=math.exp(low),
            high=math.exp(high),
            verdict=_verdict(fallen, passed, low, high, margin, limit[name]),
            worth_a_look=look,
            smallest_effect=math.expm1(sample.smallest_effect(level, limit[name])),
            floor=math.expm1(floor[name]),
            of_layout=not fallen and low >= margin,
        )
    return found


def _verdict(fallen: bool, passed: bool, low: float, high: float, margin: float, limit: float) -> Verdict:
    if fallen:
        return Verdict.SLOWER
    if not passed:
        return Verdict.CANNOT_TELL
    if high <= -limit:
        return Verdict.FASTER
    return Verdict.SAME if low > -margin else Verdict.NOT_SLOWER


LESS_ACCURATE = 1.5  # times base's error over the bound: what is fast by being coarse is a regression too
LEAST_ERROR = 0.01  # of the bound; what is smaller is as good as none, whatever it was before
ONE_PROCESS = (
    "each run is one process of each benchmark, and processes of the same code differ by up to 12 %, which repetitions "
    "within one do not show; give scripts/compare the two builds or refs, or {needed} runs a side: A1 A2 ... --against "
    "B1 B2 ..."
)
TOO_FEW = "a run is one process, and to tell anything of {benchmarks} takes {needed} runs a side, or --select fewer"


@dataclass(frozen=True)
class Line:
    """One benchmark."""

    measured: Measured
    judgement: Judgement

    @property
    def of_library(self) -> bool:
        """Whether it is another project's code, for which no commit of ours can be blamed."""
        try:
            return parse_name(self.measured.name).isa == PEER
        except ValueError:  # no name of the suite's
            return False

    @property
    def advisory(self) -> bool:
        """Whether a difference is not the code's: both sides run the same instructions, laid out elsewhere, or a
        library's."""
        return self.measured.same_code is True or self.of_library

    @property
    def untold(self) -> bool:
        """Whether nothing is known of it: where both sides run the same instructions, their speed is."""
        return self.judgement.verdict is Verdict.CANNOT_TELL and not self.advisory

    @property
    def coarser(self) -> bool:
        """Whether its error grew, whoever's it is."""
        base, head = self.measured.base_error, self.measured.head_error
        return base is not None and head is not None and head > max(LESS_ACCURATE * base, LEAST_ERROR)

    @property
    def less_accurate(self) -> bool:
        """Whether its error grew by our doing."""
        return self.coarser and not self.of_library

    @property
    def slower(self) -> bool:
        """Whether its code is slower by as much as the gate forbids."""
        return self.judgement.verdict is Verdict.SLOWER and not self.advisory

    @property
    def regressed(self) -> bool:
        """Whether the gate falls for it."""
        return self.less_accurate or self.slower

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say of it."""
        return self.judgement.verdict is Verdict.SAME and not self.judgement.beyond_floor and not self.coarser


@dataclass(frozen=True)
class Known:
    """What rounds of builds of the same code teach, by benchmark: those of a self-test."""

    floors: Mapping[str, float] = field(default_factory=dict)  # the largest share by which they can lie apart
    autocorrelations: Mapping[str, float] = field(default_factory=dict)  # of the ratios of rounds in a row
    spreads: Mapping[str, float] = field(default_factory=dict)  # how far single rounds lie apart


def known_for(names: Iterable[str], calibration: Calibration | None) -> Known:
    """What is known of each benchmark of a comparison. One that was not calibrated has the upper quartile of those that
    were, as if it were one of the restless, and their median spread."""

    def of(known: Mapping[str, float], least: float) -> dict[str, float]:
        other = float(np.quantile([*known.values()], 0.75)) if known else least
        return {name: max(known.get(name, other), least) for name in names}

    names = [*names]
    found = calibration or Known()
    usual = float(np.median([*found.spreads.values()])) if found.spreads else ASSUMED_SPREAD
    spreads = {name: found.spreads.get(name, usual) for name in names}
    return Known(of(found.floors, LEAST_FLOOR), of(found.autocorrelations, 0.0), spreads)


@dataclass(frozen=True)
class Outcome:
    """The comparison, judged."""

    comparison: Comparison
    rule: Rule
    lines: tuple[Line, ...]  # the worst first
    rounds: int  # that count
    disturbed: Mapping[str, int]  # reason: rounds that do not
    untold: str  # why nothing can be told at all; empty: something can
    code: Exit
    autocorrelation: float = 0.0  # of the ratios of rounds that follow each other, as they show it themselves

    @property
    def worth(self) -> int:
        """How many independent rounds would tell as much."""
        return round(self.rounds * worth_of(self.autocorrelation))


def outcome(comparison: Comparison, known: Known | None = None) -> Outcome:
    """Judges the rounds that nothing disturbed, by the margin and level that the comparison carries and by what is
    `known` of the machine; without it by the calibration that it carries. Known autocorrelations count where these
    rounds show a smaller one themselves."""
    rule = Rule(comparison.margin, comparison.alpha)
    known = known or known_for([row.name for row in comparison.benchmarks], comparison.calibration)
    reasons = [disturbance(each) for each in comparison.rounds]
    kept = [i for i, reason in enumerate(reasons) if not reason]
    disturbed = Counter(reason for reason in reasons if reason)
    ratios = {row.name: [row.ratios[i] for i in kept] for row in comparison.benchmarks if comparison.paired}
    alike = usual_autocorrelation([*ratios.values()])
    samples: dict[str, Sample]
    if comparison.paired:
        samples = {name: paired(of, max(alike, known.autocorrelations.get(name, 0.0))) for name, of in ratios.items()}
    else:
        samples = {row.name: unpaired(*of_runs(row, comparison)) for row in comparison.benchmarks}
    judged = judge(samples, known.floors, rule)
    untold = _untold(comparison, kept, known.floors, rule)
    if untold:
        judged = {name: replace(each, verdict=Verdict.CANNOT_TELL) for name, each in judged.items()}
    lines = [Line(row, judged[row.name]) for row in comparison.benchmarks]
    lines.sort(key=lambda line: (not line.regressed, _rank[line.judgement.verdict], -line.judgement.estimate))
    return Outcome(
        comparison, rule, tuple(lines), len(kept), disturbed, untold, _code(comparison, lines, untold), alike
    )


_order = (Verdict.SLOWER, Verdict.CANNOT_TELL, Verdict.NOT_SLOWER, Verdict.FASTER, Verdict.SAME)
_rank = {verdict: i for i, verdict in enumerate(_order)}


def _untold(comparison: Comparison, kept: Sequence[int], floors: Mapping[str, float], rule: Rule) -> str:
    """Why nothing that was measured can be trusted to be the code's doing."""
    if not comparison.paired:
        return _too_few_runs(comparison, rule)
    if len(comparison.rounds) - len(kept) > MOST_DISTURBED * len(comparison.rounds):
        return f"{len(comparison.rounds) - len(kept)} of {count(len(comparison.rounds), 'round')} were disturbed"
    rounds = [comparison.rounds[i].moments for i in kept]
    names = rounds[0]["base"].sentinels if rounds else ()
    ratios = {name: [each["head"].sentinels[name] / each["base"].sentinels[name] for each in rounds] for name in names}
    alike = usual_autocorrelation([*ratios.values()])
    for name, judged in judge({name: paired(of, alike) for name, of in ratios.items()}, floors, rule).items():
        if judged.beyond_floor:
            return f"{name}, which is the same on both sides, differs too"
    return ""


def of_runs(row: Measured, comparison: Comparison) -> tuple[Sequence[float], Sequence[float]]:
    """Seconds of each side's processes, each a run. Repetitions within one are no replicates: files of old hold
    those."""
    if comparison.runs == (1, 1):
        return [statistics.median(row.base)], [statistics.median(row.head)]
    return row.base, row.head


def _too_few_runs(comparison: Comparison, rule: Rule) -> str:
    """Why nothing can be told of runs that lie there; empty if they are enough."""
    number = len(comparison.benchmarks)
    base, head = comparison.runs
    level = bonferroni(rule.alpha, number)
    if 2 / math.comb(base + head, base) <= level:
        return ""
    needed = runs_needed(level)
    if base == head == 1:
        return ONE_PROCESS.format(needed=needed)
    return TOO_FEW.format(benchmarks=count(number, "benchmark"), needed=needed)


def _code(comparison: Comparison, lines: Sequence[Line], untold: str) -> Exit:
    if comparison.failures or any(line.regressed for line in lines):
        return Exit.WRONG_RESULT
    if untold or comparison.unseen or any(line.untold for line in lines):
        return Exit.TOO_NOISY
    return Exit.FINE


# Rounds that something else disturbed, told from what the machine says of itself and from work that never changes;
# never from the ratios, which are what is asked for.

STOLEN = 0.05  # of the time of the cores in use, by the hypervisor
UNEVEN = 0.10  # by which work that is the same took longer on one side
MOST_DISTURBED = 0.2  # of the rounds; beyond that nothing is said of any benchmark


def disturbance(each: Round) -> str:
    """Why the round does not count; empty if it does."""
    moments = list(each.moments.values())
    if any(are_busy(moment.others, moment.free) for moment in moments):
        return "other programs kept a core busy"
    if any(moment.core_share is not None and moment.core_share < LEAST_SHARE for moment in moments):
        return "another program or a quota took a part of the cores in use"
    if any(moment.steal is not None and moment.steal > STOLEN for moment in moments):
        return "the hypervisor took the CPU"
    for name in moments[0].sentinels if moments else ():
        seconds = [moment.sentinels[name] for moment in moments]
        if max(seconds) > (1 + UNEVEN) * min(seconds):
            return f"{name}, which is the same on both sides, took longer on one"
    return ""
