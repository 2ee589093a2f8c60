"""scripts/compare --self-test: how often does scripts/compare raise a false alarm on this machine, and what does it
find?"""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console

from trilbench.commands import CompareOptions
from trilbench.compare import text
from trilbench.compare.bank import (
    AGAIN,
    EQUALS,
    Case,
    cases,
    disturbed,
    draws,
    exact_interval,
    hog,
    learn,
    linked_anew,
    sides,
    slowed_variant,
    spreads,
    try_case,
)
from trilbench.compare.pairs import pair_up
from trilbench.compare.record import Bank, Calibration, Comparison, Trial, read_comparison
from trilbench.compare.runner import runner
from trilbench.compare.sample import rounds_needed
from trilbench.compare.session import Session, keeping, measure_series, prepare, record, sentinels_of
from trilbench.compare.sides import Side
from trilbench.compare.text import print_line
from trilbench.compare.verdict import Known, Outcome, Rule, outcome
from trilbench.files import claim
from trilbench.machine import facts as machine
from trilbench.machine.key import machine_of
from trilbench.machine.moment import timestamp
from trilbench.paths import RUNS, operations, shown
from trilbench.report import terminal as screen
from trilbench.results import documents
from trilbench.results.units import count, countdown, percentage
from trilbench.setup.binary import Program
from trilbench.setup.build import build
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop

# What the self-test tries, and what it wants.

LEAST_COMPARISONS, MOST_COMPARISONS = 2, 20  # one is judged by the floors that the other's rounds set
LEAST_ROUNDS = 15  # of a comparison, if the bank allows more than two


def comparisons_of(rounds: int) -> int:
    """How many comparisons a bank is worth."""
    return min(MOST_COMPARISONS, max(LEAST_COMPARISONS, rounds // LEAST_ROUNDS))


def unmet(tried: Sequence[tuple[Case, Trial]], hogged: Outcome | None) -> Iterator[str]:
    """What the trials fall short of, a line each."""
    for case, trial in tried:
        what = f"{case.what}, margin {case.margin:.0%}"
        if trial.red:
            yield f"{what}: {trial.red} of {trial.comparisons} raised a false alarm"
        if trial.found is not None and trial.found < case.wanted * trial.comparisons:
            yield f"{what}: found in {trial.found} of {trial.comparisons}, wanted in {case.wanted:.0%}"
    if not (hogged and hogged.code is Exit.TOO_NOISY and hogged.untold):
        yield f"beside programs that keep every core busy the comparison must say that it cannot tell: {words(hogged)}"


def words(hogged: Outcome | None) -> str:
    """How the comparison beside them ended."""
    return text.headline(hogged) if hogged else "not tried, or not to its end"


BANK, HOG, CALIBRATION = "bank.json", "hog.json", "calibration.json"


def main(options: CompareOptions) -> Exit:
    """Runs the command."""
    if options.again:
        return judge(options.again, documents.read(options.again / BANK, Bank), options)
    writable(options.calibration)
    folder = claim(options.out or RUNS / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-self-test")
    try:
        return measured(options, folder)
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()  # if it ended before anything was written


def writable(file: Path) -> None:
    """Raises Stop if what the test finds could not be written down there in the end."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"cannot make the folder {shown(file.parent)}: {error.strerror}") from error
    if file.is_dir() or not os.access(file.parent, os.W_OK | os.X_OK):
        raise Stop(f"cannot write {shown(file)}")


def measured(options: CompareOptions, folder: Path) -> Exit:
    """Builds, measures and judges."""
    install = not options.no_install
    plain = build("release", "bench/all", install) / "bench"
    programs = [Program(plain / name, name) for name in operations() if (plain / name).exists()]
    side = Side("this source tree", f"build folder {shown(plain.parent)}", tuple(programs))
    pairs, _ = pair_up(side, side, "", (), folder)
    relinked = linked_anew([program.path.name for program in programs], install)
    session = prepare(pairs, sentinels_of(runner(Program(plain / "machine", "machine"), folder, ())))
    with keeping(folder / BANK, "scripts/compare", "--self-test", shown(folder)):
        bank = collect(session, plain / "slowed", relinked, options.budget, level_of(options), folder)
        rounds = len(bank.rounds) // comparisons_of(len(bank.rounds))
        say(f"{count(rounds, 'round')} more, in the midst of which other programs keep every core busy")
        with hog(rounds) as before:
            record(same_twice(side, session), session, rounds, 2.0 * rounds, folder / HOG, before)
    return judge(folder, bank, options)


def collect(
    session: Session, slowed: Path, relinked: Mapping[str, Path], seconds: float, alpha: float, folder: Path
) -> Bank:
    """Measures rounds of all sides for so long, and as many as can be judged; they are written down after each."""
    calls = {row.name: row.calls for row in session.benchmarks}
    variant = slowed_variant(calls)
    parts = sides(session.sides["base"], slowed, variant, relinked)
    least = least_rounds(len(calls), alpha)
    what = f"rounds of {len(parts)} builds of {count(len(calls), 'benchmark')}"
    say(f"{what} for {countdown(seconds)}, {least} of them at least, however long they take")
    bank = Bank("scripts/compare --self-test", timestamp(), variant, calls, (), {}, machine.environment())
    for done in measure_series(parts, session.sentinels, seconds, least=least):
        bank = replace(bank, rounds=done.rounds, times=done.times, finished=timestamp())
        documents.write(folder / BANK, bank, indent=None)
    return bank


def level_of(options: CompareOptions) -> float:
    return options.alpha or Rule().alpha


def least_rounds(benchmarks: int, alpha: float) -> int:
    """As many as the least number of comparisons takes."""
    return LEAST_COMPARISONS * rounds_needed(alpha / benchmarks)


def same_twice(side: Side, session: Session) -> Comparison:
    """A program compared with itself."""
    return Comparison(
        command="scripts/compare --self-test",
        started=timestamp(),
        base=side.record,
        head=side.record,
        margin=Rule().margin,
        alpha=Rule().alpha,
        benchmarks=session.benchmarks,
        rounds=(),
        environment=machine.environment(),
    )


def judge(folder: Path, bank: Bank, options: CompareOptions) -> Exit:
    """Draws comparisons from the bank, writes down and prints what they say. Raises Stop if it is too small."""
    alpha = level_of(options)
    needed = least_rounds(len(bank.calls), alpha)
    if len(bank.rounds) < needed:
        raise Stop(
            f"the bank has {count(len(bank.rounds), 'round')}; to compare {len(bank.calls)} benchmarks takes {needed}: "
            "give a longer --budget"
        )
    drawn = draws(bank, comparisons_of(len(bank.rounds)), EQUALS)
    tried = [(case, try_case(bank, case, drawn, alpha)) for case in cases(bank.slowed)]
    known = learn(bank, EQUALS, range(len(bank.rounds)))
    rounds_each = len(bank.rounds) // len(drawn)
    hogged = judge_hogged(folder / HOG, rounds_each, known, alpha)
    calibration = Calibration(
        started=bank.started,
        machine=machine_of(bank.environment).key,
        commit=bank.environment["git_commit"],
        rounds=len(bank.rounds),
        disturbed=disturbed(bank),
        seconds=sum(moment.seconds for each in bank.rounds for moment in each.moments.values()),
        rounds_each=rounds_each,
        trials=tuple(trial for _, trial in tried),
        hog=words(hogged),
        floors=known.floors,
        spreads=spreads(bank, AGAIN),
        autocorrelations=known.autocorrelations,
    )
    documents.write(folder / CALIBRATION, calibration)
    missed = list(unmet(tried, hogged))
    print_calibration(screen.console(), calibration, missed)
    if calibration.machine == machine_of(machine.environment()).key:
        documents.write(options.calibration, calibration)
        say(f"later comparisons on this machine read {shown(options.calibration)}")
    else:
        say(f"this is another machine than {calibration.machine}: nothing changes for comparisons here")
    if (hogged and hogged.code is Exit.WRONG_RESULT) or any(trial.red for _, trial in tried):
        return Exit.WRONG_RESULT
    return Exit.TOO_NOISY if missed else Exit.FINE


def judge_hogged(file: Path, rounds: int, known: Known, alpha: float) -> Outcome | None:
    """The comparison of so many rounds beside a hog; None if there is none or it ended early."""
    hogged = read_comparison(file) if file.exists() else None
    return outcome(replace(hogged, alpha=alpha), known) if hogged and len(hogged.rounds) >= rounds else None


def print_calibration(console: Console, calibration: Calibration, unmet: Sequence[str]) -> None:
    """Prints the rates of each trial, what later comparisons take from it, and what falls short of the goals."""
    line = partial(print_line, console)
    line()
    line(
        f"{count(calibration.rounds, 'round')} in {countdown(calibration.seconds)}, {calibration.disturbed} of them "
        f"disturbed; comparisons of {calibration.rounds_each} rounds in a row, none of which shares one with another"
    )
    line()
    width = max(len(trial.what) for trial in calibration.trials)
    line(f"{'':<{width}}  margin  {'false alarms':<22} {'wrong verdicts':<22} {'found':<22} untold", "bold")
    for trial in calibration.trials:
        rates = " ".join(f"{_rate(events, trial):<22}" for events in (trial.red, trial.wrong, trial.found))
        line(f"{trial.what:<{width}}  {percentage(trial.margin):>6}  {rates} {trial.untold}")
    line()
    line(f"beside programs that keep every core busy: {calibration.hog}")
    middle, worst, name = _spread(calibration.floors)
    line(
        f"builds of the same code came out apart by {middle:.1%} in the median benchmark and by {worst:.1%} in the "
        f"worst ({name}): of each benchmark no difference below its own floor, at least 1 %, is called one"
    )
    middle, worst, name = _spread(calibration.autocorrelations)
    line(
        f"ratios of rounds that follow each other correlate by {middle:.2f} in the median benchmark and by {worst:.2f} "
        f"in the worst ({name}): with r, n rounds count as n (1 - r) / (1 + r)"
    )
    for what in unmet:
        line(f"NOT MET: {what}", "yellow")


def _spread(of: Mapping[str, float]) -> tuple[float, float, str]:
    """The median, the greatest, and whose that is."""
    worst = max(of, key=lambda name: of[name])
    return sorted(of.values())[len(of) // 2], of[worst], worst


def _rate(events: int | None, trial: Trial) -> str:
    if events is None:
        return ""
    low, high = exact_interval(events, trial.comparisons)
    return f"{events} of {trial.comparisons} ({low:.0%} to {high:.0%})"
