"""What is kept of comparisons: compare.json, from which every verdict can be computed again, and what a self-test
leaves: bank.json, its rounds, and calibration.json, what they say of the machine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trilbench.results import documents
from trilbench.results.documents import Document
from trilbench.results.run import NamedReason, SideRecord


class Moment(Document):
    """One side's process of a round, and how quiet the machine was meanwhile."""

    seconds: float  # that it took
    sentinels: Mapping[str, float]  # seconds of a call of work that is the same on both sides
    others: float | None  # cores that other programs kept busy; None: unknown
    steal: float | None  # share of the time of the cores in use that the hypervisor took; None: unknown
    free: float | None = None  # cores that the round left to other programs; None: unknown
    core_share: float | None = None  # of the cores' time that our threads had: the median benchmark; None: unknown


class Round(Document):
    """A process of each side."""

    order: tuple[str, ...]
    moments: Mapping[str, Moment]


class Measured(Document):
    """One benchmark on both sides."""

    name: str
    calls: int  # of each repetition, on both sides; 0: each side found a number of its own
    base: tuple[float, ...]  # seconds of a call, round by round; of runs that lie there, run by run
    head: tuple[float, ...]
    same_code: bool | None = None  # whether both sides run the same machine code; None: unknown
    base_error: float | None = None  # over the bound
    head_error: float | None = None
    base_of_limit: float | None = None
    head_of_limit: float | None = None

    @property
    def ratios(self) -> tuple[float, ...]:
        """Head over base, round by round."""
        return tuple(head / base for head, base in zip(self.head, self.base, strict=True))


class Trial(Document):
    """Comparisons of two builds whose truth is known, each drawn from rounds of its own."""

    what: str  # "the same program again", "tril_gemm/avx2 slower by 5%"
    margin: float
    comparisons: int
    red: int  # in which the gate fell for a benchmark that is the same on both sides
    wrong: int  # in which such a benchmark was called slower or faster
    found: int | None  # in which the gate fell for the slowed kernel; None: there is none
    untold: int  # in which nothing could be told


class Calibration(Document):
    """What a self-test found out about a machine and this tool: the rates, and what later comparisons need."""

    started: str
    machine: str  # the key of the machine
    commit: str
    rounds: int  # of the bank
    disturbed: int  # of them, that do not count
    seconds: float  # the bank took
    rounds_each: int  # of a comparison
    trials: tuple[Trial, ...]
    hog: str  # how a comparison ended in the midst of which other programs kept every core busy
    floors: Mapping[str, float]  # benchmark: the largest share by which builds of the same code came out apart
    spreads: Mapping[str, float]  # benchmark: how far apart single rounds of the same code lie, a standard deviation
    autocorrelations: Mapping[str, float] = {}  # benchmark: of the ratios of rounds that follow each other


class Comparison(Document):
    """Everything that a verdict rests on."""

    command: str
    started: str
    base: SideRecord
    head: SideRecord
    margin: float
    alpha: float
    benchmarks: tuple[Measured, ...]
    rounds: tuple[Round, ...]
    failures: tuple[NamedReason, ...] = ()  # of head: wrong results, and benchmarks that it lacks or fails to run
    added: tuple[str, ...] = ()  # benchmarks that only head has
    paired: bool = True  # False: runs that lie there
    runs: tuple[int, int] = (1, 1)  # of each side, if it is not paired; of one the times are its repetitions
    unseen: tuple[NamedReason, ...] = ()  # what base has times of and head left out: nothing is known of it
    doubts: tuple[str, ...] = ()  # what the runs warn of, and what was not compared
    unequal: bool = False  # whether the sides ran for equal time rather than an equal number of calls
    environment: Mapping[str, Any] = {}
    calibration: Calibration | None = None  # what was known of the machine and this tool when it was judged
    finished: str = ""


class Bank(Document):
    """Rounds of builds whose truth is known, each with a process of every side: comparisons are drawn from it."""

    command: str
    started: str
    slowed: str  # the variant that some sides have slowed: tril_gemm/avx2
    calls: Mapping[str, int]  # benchmark: calls of a repetition
    rounds: tuple[Round, ...]
    times: Mapping[str, Mapping[str, tuple[float, ...]]]  # side: benchmark: seconds of a call, round by round
    environment: Mapping[str, Any] = {}
    finished: str = ""


def read_comparison(path: Path) -> Comparison:
    """Raises Stop if there is none, it is damaged or a newer version's."""
    return documents.read(path, Comparison)
