"""scripts/compare: is HEAD slower than BASE?"""

import dataclasses
import shlex
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from trilbench.commands.bench import claim, timestamp
from trilbench.compute.comparison.outcome import Outcome, outcome
from trilbench.compute.comparison.sign import rounds_needed
from trilbench.compute.comparison.verdict import Rule
from trilbench.host import machine
from trilbench.measure.binary import Program
from trilbench.measure.comparison.code import row_symbol, same_code
from trilbench.measure.comparison.pairs import Pair, pair_up
from trilbench.measure.comparison.runner import runner
from trilbench.measure.comparison.session import Session, measure_rounds, prepare, rounds_within, sentinels_of
from trilbench.measure.comparison.side import Side, find
from trilbench.model.comparison import Comparison, Measured, write_comparison
from trilbench.options.compare import CompareOptions
from trilbench.paths import RUNS, shown
from trilbench.render.comparison.table import print_comparison
from trilbench.render.progress import RunProgress
from trilbench.render.table import WIDTH
from trilbench.render.units import count, countdown
from trilbench.setup.build import build
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop


def main(options: CompareOptions) -> Exit:
    """Runs the command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is measured is kept
    install = not options.no_install
    base, head = (find(each, options.preset, install) for each in (options.base, options.head))
    limits = build("release", "bench/all", install) / "bench" / "machine"
    folder = claim(options.out or RUNS / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-compare")
    comparison = measure(options, base, head, limits, folder)
    return present(folder, comparison)


def measure(options: CompareOptions, base: Side, head: Side, limits: Path, folder: Path) -> Comparison:
    """Both sides once in full, then the rounds; written down after each."""
    pairs = pair_up(base, head, options.select, options.flags, folder)
    say(f"verifying {count(sum(len(pair.benchmarks) for pair in pairs), 'benchmark')} on both sides")
    session = prepare(pairs, sentinels_of(runner(Program(limits, "machine"), folder, ())))
    comparison = Comparison(
        command=repeating_command(options),
        started=timestamp(),
        base=dataclasses.replace(base.record, context=session.contexts["base"]),
        head=dataclasses.replace(head.record, context=session.contexts["head"]),
        margin=options.margin,
        alpha=options.alpha,
        benchmarks=with_code(session.benchmarks, pairs),
        rounds=(),
        failures=session.failures,
        added=tuple(name for pair in pairs for name in pair.added),
        unequal=session.unequal,
        environment=machine.environment(),
    )
    if comparison.benchmarks:
        comparison = with_rounds(comparison, session, options.budget, folder)
    return comparison


def with_rounds(comparison: Comparison, session: Session, budget: float, folder: Path) -> Comparison:
    """The comparison with as many rounds as the budget allows. Their number is fixed before the first, and nobody looks
    at a result before the last: who stops when the figures please is fooled by chance."""
    started = time.monotonic()
    rounds = rounds_within(budget, session)
    needed = rounds_needed(comparison.alpha / len(comparison.benchmarks))
    if rounds < needed:
        seconds = needed * budget / max(rounds, 1)
        raise Stop(
            f"{countdown(budget)} allow {count(rounds, 'round')}; to find anything among "
            f"{count(len(comparison.benchmarks), 'benchmark')} takes {needed}: give --budget {round(seconds + 1)}s or more, "
            "or --select fewer"
        )
    say(f"{rounds} rounds will take about {countdown(budget)}")
    times: dict[str, dict[str, list[float]]] = {"base": {}, "head": {}}
    try:
        with RunProgress() as progress:
            began = time.monotonic()

            def report(done: int) -> None:
                each = (time.monotonic() - began) / done if done else budget / rounds
                progress.begin(done, rounds, "rounds", each * (rounds - done))

            for measured, seconds in measure_rounds(session, rounds, int(started), report):
                for side, of_side in seconds.items():
                    for name, value in of_side.items():
                        times[side].setdefault(name, []).append(value)
                comparison = dataclasses.replace(
                    comparison,
                    rounds=(*comparison.rounds, measured),
                    benchmarks=tuple(
                        dataclasses.replace(
                            row, base=tuple(times["base"][row.name]), head=tuple(times["head"][row.name])
                        )
                        for row in comparison.benchmarks
                    ),
                )
                write_comparison(folder / "compare.json", comparison)
    except KeyboardInterrupt:
        raise Stop(
            f"interrupted after {count(len(comparison.rounds), 'round')}; what was measured is in {shown(folder)}"
        ) from None
    return dataclasses.replace(comparison, finished=timestamp())


def with_code(benchmarks: Sequence[Measured], pairs: Sequence[Pair]) -> tuple[Measured, ...]:
    """The benchmarks with whether both sides run the same machine code."""
    same: dict[str, bool | None] = {}
    for pair in pairs:
        if pair.base.program.ours:
            same |= same_code(pair.base.program.path, pair.head.program.path, pair.benchmarks, row_symbol)
    return tuple(dataclasses.replace(row, same_code=same.get(row.name)) for row in benchmarks)


def present(folder: Path, comparison: Comparison) -> Exit:
    """Writes what people and tools read, and prints the table."""
    write_comparison(folder / "compare.json", comparison)
    rule = Rule(margin=comparison.margin, alpha=comparison.alpha)
    judged = outcome(comparison, {}, rule)
    print_comparison(Console(width=WIDTH, highlight=False), comparison, judged, rule)
    return judged.code


def repeating_command(options: CompareOptions) -> str:
    """The command line that does the same again, in a folder of its own."""
    words = ["scripts/compare", options.base, options.head]
    words += [f"--budget={options.budget:g}s", f"--margin={options.margin:g}", f"--alpha={options.alpha:g}"]
    words += [f"--preset={options.preset}"] if options.preset != "release" else []
    words += [f"--select={options.select}"] if options.select else []
    return shlex.join([*words, *(["--", *options.flags] if options.flags else [])])
