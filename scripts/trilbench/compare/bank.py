"""A bank: rounds of builds whose truth is known: the same program again, the same code linked in other orders, the same
with one kernel slowed. How they are made, how comparisons are drawn from them, and what they teach of a machine."""

import contextlib
import dataclasses
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binomtest, norm

from trilbench.compare.record import Bank, Comparison, Measured, Round, Trial
from trilbench.compare.sample import autocorrelation, of_noise
from trilbench.compare.session import SECONDS, Part
from trilbench.compare.verdict import Known, Line, Outcome, disturbance, outcome
from trilbench.machine import cores
from trilbench.paths import BUILD, ROOT
from trilbench.results.names import parse_name
from trilbench.results.run import SideRecord
from trilbench.setup.build import build_source
from trilbench.stop import Exit, Stop

BASE = "base"
OPERATION = "causal_mean"  # of the program whose kernels can be slowed: tests/programs/slowed.cpp
LEAST_SLOWED_CALL = 1e-5  # seconds; tests/programs/slowed.cpp leaves shorter calls alone
_FLOOR_LEVEL = 0.05
_QUANTILES = (np.arange(1001) + 0.5) / 1001
SHARES = (0.03, 0.05, 0.10)
AGAIN = "again"
ORDERS = ("order 1", "order 2", "order 3")  # of linking
EQUALS = (AGAIN, *ORDERS[:-1])  # sides that run the base's code, and from which floors are learned
HELD_OUT = ORDERS[-1]  # runs it too, and is judged by the others' floors alone, as a build is that nobody has seen yet


def slowed_side(share: float) -> str:
    return f"slower by {share:.0%}"


def slowed_variant(calls: Mapping[str, int]) -> str:
    """The variant that is made slower, as prefix_mean/avx2: of those that can be, one with the most benchmarks whose
    calls are long enough for it. `calls` are a repetition's."""
    names = [parse_name(name) for name, number in calls.items() if number and SECONDS / number >= LEAST_SLOWED_CALL]
    found = [name.variant for name in names if name.operation == OPERATION]
    if not found:
        raise Stop(f"no benchmark of {OPERATION} takes long enough here to be slowed", Exit.NOTHING_MATCHED)
    return max(found, key=found.count)


def linked_anew(programs: Sequence[str], install: bool) -> dict[str, Path]:
    """A folder of the programs for each order of linking. One build serves them all: what is compiled does not depend
    on the order."""
    found = {}
    for number, side in enumerate(ORDERS, 1):
        settings = [f"-DTRILBENCH_LINK_ORDER={number}"]
        built = build_source(ROOT, BUILD / "relinked", "release", "bench/all", install, settings) / "bench"
        found[side] = BUILD / "relinked" / f"order-{number}"
        found[side].mkdir(exist_ok=True)
        for name in programs:
            shutil.copy2(built / name, found[side])
    return found


def sides(base: Sequence[Part], slowed: Path, variant: str, relinked: Mapping[str, Path]) -> dict[str, Sequence[Part]]:
    """What each side runs. `slowed` is the program that slows the variant as it is told."""

    def with_program(part: Part, path: Path, **variables: str) -> Part:
        program = dataclasses.replace(part.runner.program, path=path, environment=variables)
        return dataclasses.replace(part, runner=dataclasses.replace(part.runner, program=program))

    def slower(share: float) -> list[Part]:
        return [
            with_program(part, slowed, TRILBENCH_SLOWED=f"{variant}={share:g}")
            if part.runner.program.operation == OPERATION
            else part
            for part in base
        ]

    return {
        BASE: base,
        AGAIN: base,
        **{
            side: [with_program(part, folder / part.runner.program.path.name) for part in base]
            for side, folder in relinked.items()
        },
        **{slowed_side(share): slower(share) for share in SHARES},
    }


@dataclass(frozen=True)
class Case:
    """Two sides of a bank whose truth is known."""

    what: str
    side: str  # compared with the base
    margin: float
    slowed: str = ""  # the variant that is slower; empty: all are the same
    wanted: float = 0.0  # the share of the comparisons that must find it


MARGINS = (0.05, 0.02)  # at which builds of the same code are compared
GOALS = ((0.10, 0.05, 19 / 20), (0.05, 0.02, 16 / 20), (0.03, 0.02, 0.0))  # slowdown, margin, share that must find it


def cases(slowed: str) -> list[Case]:
    """What is compared, where that variant can be slowed."""
    equal = {
        AGAIN: "the same program again",
        ORDERS[0]: "the same code in another order",
        HELD_OUT: "in an order that set no floor",
    }
    return [
        *(Case(what, side, margin) for side, what in equal.items() for margin in MARGINS),
        *(
            Case(f"{slowed} slower by {share:.0%}", slowed_side(share), margin, slowed, wanted)
            for share, margin, wanted in GOALS
        ),
    ]


def exact_interval(events: int, trials: int) -> tuple[float, float]:
    """The exact 95 % interval of a share of which so many events were seen (Clopper and Pearson's)."""
    found = binomtest(events, trials).proportion_ci(0.95, method="exact")
    return float(found.low), float(found.high)


def learn(bank: Bank, equals: Sequence[str], rounds: Sequence[int]) -> Known:
    """From the sides that run the base's code. A floor is layout's, for the noise of single rounds has averaged out:
    the far end of the 95 % interval over all rounds. Autocorrelations are the mean of those sides."""
    found = dict.fromkeys(bank.calls, 0.0)
    logs = [_logs(bank, side, rounds) for side in equals]
    alike = {name: float(np.mean([autocorrelation(of[name]) for of in logs])) for name in bank.calls}
    for of_side in logs:
        for name, values in of_side.items():
            farthest = max(map(abs, of_noise(np.asarray(values), len(values), alike[name]).interval(_FLOOR_LEVEL)))
            if math.isfinite(farthest):
                found[name] = max(found[name], math.expm1(farthest))
    return Known(found, alike)


def draws(bank: Bank, comparisons: int, equals: Sequence[str]) -> list[tuple[range, Known]]:
    """The rounds of each of several comparisons, in a row, as comparisons have them, so that what lasts for more than a
    round is in them too; no round serves two. And what all others teach of the sides that are `equals`."""
    each = len(bank.rounds) // comparisons
    drawn = [range(i * each, (i + 1) * each) for i in range(comparisons)]
    return [(own, learn(bank, equals, [i for i in range(len(bank.rounds)) if i not in own])) for own in drawn]


def try_case(bank: Bank, case: Case, drawn: Sequence[tuple[range, Known]], alpha: float) -> Trial:
    """Judges each drawn comparison by what the rounds of all others taught: what is tried has no part in how it is
    judged."""
    red = wrong = found = untold = 0
    for rounds, known in drawn:
        judged = outcome(_comparison(bank, case, rounds, alpha), known)
        slowed, same = _parted(judged, case.slowed)
        red += any(line.regressed for line in same)
        wrong += not judged.untold and any(line.judgement.beyond_floor for line in same)
        found += any(line.regressed for line in slowed)
        untold += bool(judged.untold)
    return Trial(case.what, case.margin, len(drawn), red, wrong, found if case.slowed else None, untold)


def spreads(bank: Bank, side: str) -> dict[str, float]:
    """For each benchmark how far single rounds lie apart of a side that is the same as the base: the standard deviation
    of a normal distribution with the same middle half."""
    logs = _logs(bank, side, range(len(bank.rounds)))
    quartiles = {name: np.quantile(values, [0.25, 0.75]) for name, values in logs.items() if values}
    return {name: float((high - low) / 1.349) for name, (low, high) in quartiles.items()}


def smallest_effect(spread: float, rounds: int, alpha: float, limit: float, alike: float = 0.0) -> float:
    """The slowdown, a share, that so many rounds will find to lie beyond the limit, a share too, with 80 % power if
    they spread so far and those that follow each other are so alike."""
    sample = of_noise(spread * norm.ppf(_QUANTILES), rounds, alike)
    return math.expm1(sample.smallest_effect(alpha, math.log1p(limit)))


def disturbed(bank: Bank) -> int:
    """The rounds that do not count, of all sides."""
    return sum(bool(disturbance(each)) for each in bank.rounds)


def _comparison(bank: Bank, case: Case, rounds: Sequence[int], alpha: float) -> Comparison:
    """As if base and that side alone had been measured. What is known of their machine code is left out: it would turn
    every alarm into advice."""
    times = ((name, bank.times[BASE][name], bank.times[case.side][name]) for name in bank.calls)
    record = SideRecord("", "", {})
    return Comparison(
        command="",
        started="",
        base=record,
        head=record,
        margin=case.margin,
        alpha=alpha,
        benchmarks=tuple(
            Measured(name, bank.calls[name], tuple(base[i] for i in rounds), tuple(head[i] for i in rounds))
            for name, base, head in times
        ),
        rounds=tuple(_pair(bank.rounds[i], case.side) for i in rounds),
    )


def _pair(each: Round, side: str) -> Round:
    renamed = {BASE: BASE, side: "head"}
    return Round(
        tuple(renamed[name] for name in each.order if name in renamed),
        {renamed[name]: moment for name, moment in each.moments.items() if name in renamed},
    )


def _logs(bank: Bank, side: str, rounds: Sequence[int]) -> dict[str, list[float]]:
    """Logarithms of the side's times over the base's, of the rounds that count."""
    kept = [i for i in rounds if not disturbance(_pair(bank.rounds[i], side))]
    return {
        name: [math.log(bank.times[side][name][i] / bank.times[BASE][name][i]) for i in kept] for name in bank.calls
    }


def _parted(judged: Outcome, variant: str) -> tuple[list[Line], list[Line]]:
    """The lines of the slowed variant of the slowed operation, and those of all others: of the same name elsewhere too.
    Its short calls are in neither: they are left alone, but for what it takes to see that they are short."""
    slow = f"{OPERATION}/{variant}/"
    of_variant = [line for line in judged.lines if variant and line.measured.name.startswith(slow)]
    slowed = [line for line in of_variant if np.median(line.measured.base) >= LEAST_SLOWED_CALL]
    return slowed, [line for line in judged.lines if line not in of_variant]


_WORK = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"  # ends with us, however we end


@contextlib.contextmanager
def hog(rounds: int) -> Iterator[Callable[[int], None]]:
    """Gives what, told each round's number, keeps every core busy that our programs may use, from the first third of
    the rounds to the second: the system lets them make way for one that is. Nothing is left running."""
    running: list[subprocess.Popen[bytes]] = []

    def end() -> None:
        while running:
            process = running.pop()
            process.kill()
            process.wait()

    def before_round(number: int) -> None:
        if not rounds // 3 <= number < 2 * rounds // 3:
            end()
        elif not running:
            for core in cores.allowed() or range(cores.allowed_count()):
                running.append(subprocess.Popen([sys.executable, "-c", _WORK]))
                with contextlib.suppress(OSError, AttributeError):  # where that is not allowed, on any core
                    os.sched_setaffinity(running[-1].pid, {core})

    try:
        yield before_round
    finally:
        end()
