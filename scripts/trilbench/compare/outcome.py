"""What a comparison comes to: a line for each benchmark, and whether the gate falls."""

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trilbench.compare.record import Comparison, Measured, Round
from trilbench.compare.sample import Sample, bonferroni, paired, runs_needed, unpaired, usual_autocorrelation, worth_of
from trilbench.compare.verdict import Judgement, Rule, Verdict, judge
from trilbench.machine.noise import LEAST_SHARE, are_busy
from trilbench.results.names import PEER, parse_name
from trilbench.results.units import count
from trilbench.stop import Exit

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
class Outcome:
    """The comparison, judged."""

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


def outcome(
    comparison: Comparison, floors: Mapping[str, float], rule: Rule, known: Mapping[str, float] | None = None
) -> Outcome:
    """Judges the rounds that nothing disturbed. `floors` as `judge` takes them; `known` are autocorrelations of this
    machine's rounds, by benchmark, which count where these rounds show a smaller one themselves."""
    reasons = [disturbance(each) for each in comparison.rounds]
    kept = [i for i, reason in enumerate(reasons) if not reason]
    disturbed = Counter(reason for reason in reasons if reason)
    ratios = {row.name: [row.ratios[i] for i in kept] for row in comparison.benchmarks if comparison.paired}
    alike = usual_autocorrelation([*ratios.values()])
    samples: dict[str, Sample]
    if comparison.paired:
        samples = {name: paired(of, max(alike, (known or {}).get(name, 0.0))) for name, of in ratios.items()}
    else:
        samples = {row.name: unpaired(*of_runs(row, comparison)) for row in comparison.benchmarks}
    judged = judge(samples, floors, rule)
    untold = _untold(comparison, kept, floors, rule)
    if untold:
        judged = {name: replace(each, verdict=Verdict.CANNOT_TELL) for name, each in judged.items()}
    lines = [Line(row, judged[row.name]) for row in comparison.benchmarks]
    lines.sort(key=lambda line: (not line.regressed, _rank[line.judgement.verdict], -line.judgement.estimate))
    return Outcome(tuple(lines), len(kept), disturbed, untold, _code(comparison, lines, untold), alike)


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
    if untold or any(line.untold for line in lines):
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
