"""scripts/compare: is HEAD slower than BASE?"""

import contextlib
import math
import shlex
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from trilbench.commands import COMPARISON, CompareOptions, is_comparison, is_run
from trilbench.compare import instructions, page, self_test, text
from trilbench.compare.bank import smallest_effect
from trilbench.compare.code import row_symbol, same_code
from trilbench.compare.pairs import Pair, pair_up
from trilbench.compare.record import Calibration, Comparison, Measured, read_comparison
from trilbench.compare.runner import runner
from trilbench.compare.runs import match, read_run, record_of
from trilbench.compare.sample import bonferroni, rounds_needed
from trilbench.compare.session import Session, keeping, prepare, record, seconds_of_a_round, sentinels_of
from trilbench.compare.sides import CACHE, Side, find_both
from trilbench.compare.verdict import ASSUMED_SPREAD, Known, Outcome, Rule, known_for
from trilbench.files import claim
from trilbench.machine import facts as machine
from trilbench.machine.key import machine_of
from trilbench.machine.moment import timestamp
from trilbench.paths import RUNS, shown
from trilbench.report.terminal import print_json
from trilbench.results import documents
from trilbench.results.run import NamedReason
from trilbench.results.units import count, countdown
from trilbench.setup.binary import Program
from trilbench.setup.build import build
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop


def main(options: CompareOptions) -> Exit:
    """Runs the command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is measured is kept
    if options.self_test:
        return self_test.main(options)
    if options.instructions:
        return counting(options)
    if options.again:
        return present(options.again, as_judged_now(read_comparison(options.again / COMPARISON), options), options)
    folder, comparison = of_runs(options) if is_run(options.base) else of_builds(options)
    documents.write(folder / COMPARISON, comparison)
    return present(folder, comparison, options)


def as_judged_now(comparison: Comparison, options: CompareOptions) -> Comparison:
    """By the margin and level given, and by what is known of its machine today."""
    return replace(
        comparison,
        margin=options.margin or comparison.margin,
        alpha=options.alpha or comparison.alpha,
        calibration=calibration_of(comparison.environment, options.calibration) or comparison.calibration,
    )


def of_runs(options: CompareOptions) -> tuple[Path, Comparison]:
    """Runs of scripts/bench, as they are, one or several a side."""
    named = (options.sides, options.against) if options.against else ([options.base], [options.head])
    base, head = ([read_run(Path(run), options.chooses) for run in side] for side in named)
    matched = match(base, head)
    comparison = Comparison(
        **asked(options, base[0].manifest.environment),
        base=record_of(base),
        head=record_of(head),
        **matched._asdict(),
        rounds=(),
        paired=False,
        runs=(len(base), len(head)),
        finished=timestamp(),
    )
    return claim_folder(options), comparison


def of_builds(options: CompareOptions) -> tuple[Path, Comparison]:
    """Both sides built, once in full, and then in rounds; written down after each. What can be refused is refused
    before anything is built."""
    known = asked(options, machine.environment())
    with built(options) as (base, head, folder):
        return folder, in_turn(base, head, known, options, folder)


def counting(options: CompareOptions) -> Exit:
    """Both sides built, and each kernel's instructions counted."""
    flags = instructions.flags_for(options)
    instructions.find_valgrind(not options.no_install)
    with built(options) as (base, head, folder):
        pairs, gone = pair_up(base, head, options.select, flags, folder, instructions.LONGEST_CALL)
        return instructions.compare(base, head, pairs, gone, options, folder)


@contextlib.contextmanager
def built(options: CompareOptions) -> Iterator[tuple[Side, Side, Path]]:
    """Both sides, and the folder of the result, which is gone if it ends before anything was written."""
    named = find_both(options.base, options.head, options.preset, not options.no_install)
    folder = claim_folder(options)
    try:
        base, head = (build_side() for build_side in named)
        yield base.of(options.operations), head.of(options.operations, may_lack=True), folder
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()


def in_turn(base: Side, head: Side, known: Mapping[str, Any], options: CompareOptions, folder: Path) -> Comparison:
    """Each side once, and then in rounds."""
    pairs, gone = pair_up(base, head, options.select, options.flags, folder)
    limits = build("release", "bench/machine", not options.no_install) / "bench" / "machine"
    say(f"verifying {count(sum(len(pair.benchmarks) for pair in pairs), 'benchmark')} on both sides")
    session = prepare(pairs, sentinels_of(runner(Program(limits, "machine"), folder, ())))
    comparison = Comparison(
        **known,
        base=replace(base.record, context=session.contexts["base"]),
        head=replace(head.record, context=session.contexts["head"]),
        benchmarks=with_code(session.benchmarks, pairs),
        rounds=(),
        failures=(*session.failures, *(NamedReason(name, "head has no such program") for name in gone)),
        doubts=(*session.doubts, *unlike(base, head, session)),
        added=tuple(name for pair in pairs for name in pair.added),
        unequal=session.unequal,
    )
    if comparison.benchmarks:
        comparison = in_rounds(comparison, session, options.budget, folder)
    return replace(comparison, finished=timestamp())


def unlike(base: Side, head: Side, session: Session) -> tuple[str, ...]:
    """A word of doubt if sources were built by different compilers: an earlier build is taken again."""
    compilers = [session.contexts[side].get("compiler") for side in ("base", "head")]
    if not (base.built_here and head.built_here) or compilers[0] == compilers[1]:
        return ()
    folder = shown(CACHE)
    return (f"base was built by {compilers[0]}, head by {compilers[1]}: remove {folder} to build both anew",)


def asked(options: CompareOptions, environment: Mapping[str, Any]) -> dict[str, Any]:
    """What a comparison knows before it is measured, or of runs on whichever machine: its `environment`."""
    return {
        "command": options.repeated,
        "started": timestamp(),
        "margin": options.margin or Rule().margin,
        "alpha": options.alpha or Rule().alpha,
        "environment": environment,
        "calibration": calibration_of(environment, options.calibration),
    }


def calibration_of(environment: Mapping[str, Any], file: Path) -> Calibration | None:
    """What a self-test on this machine found; None if there was none."""
    if not file.exists():
        return None
    calibration = documents.read(file, Calibration)
    if calibration.machine != machine_of(environment).key:
        say(f"{shown(file)} is of another machine ({calibration.machine}) and does not count")
        return None
    return calibration


def claim_folder(options: CompareOptions) -> Path:
    folder = options.out or RUNS / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-compare"
    again = shlex.join(["scripts/compare", shown(folder)])
    return claim(folder, f", or judge again what is there: {again}" if is_comparison(folder) else "")


def in_rounds(comparison: Comparison, session: Session, budget: float, folder: Path) -> Comparison:
    """The comparison with as many rounds as the budget allows. Their number is fixed before the first, and nobody looks
    at a result before the last: who stops when the figures please is fooled by chance."""
    each = seconds_of_a_round(session)
    rounds = int(budget / each)
    level = bonferroni(comparison.alpha, len(comparison.benchmarks))
    known = known_for([row.name for row in comparison.benchmarks], comparison.calibration)
    needed = rounds_needed(level, min(known.autocorrelations.values()))
    if rounds < needed:
        enough = math.ceil(1.1 * needed * each)
        raise Stop(
            f"{countdown(budget)} allow {count(rounds, 'round')}; to find anything among "
            f"{count(len(comparison.benchmarks), 'benchmark')} takes {needed}: give --budget {enough}s or more, or "
            "--select fewer"
        )
    say(f"{rounds} rounds will take about {countdown(budget)}; {promise(comparison, known, rounds, level)}")
    with keeping(folder / COMPARISON, "scripts/compare", shown(folder)):
        return record(comparison, session, rounds, each * rounds, folder / COMPARISON)


def promise(comparison: Comparison, known: Known, rounds: int, level: float) -> str:
    """The smallest effect that so many rounds will show, from what the self-test knows of this machine's noise."""
    effects = [
        smallest_effect(spread, rounds, level, max(comparison.margin, known.floors[name]), known.autocorrelations[name])
        for name, spread in known.spreads.items()
    ]
    calibrated = comparison.calibration and comparison.calibration.spreads
    assumed = f" if they spread by {ASSUMED_SPREAD:.0%}, which scripts/compare --self-test would know"
    return text.smallest_effects(effects) + ("" if calibrated else assumed)


def with_code(benchmarks: Sequence[Measured], pairs: Sequence[Pair]) -> tuple[Measured, ...]:
    """The benchmarks with whether both sides run the same machine code."""
    same: dict[str, bool | None] = {}
    for pair in pairs:
        if pair.base.program.ours:
            same |= same_code(pair.base.program.path, pair.head.program.path, pair.benchmarks, row_symbol)
    return tuple(replace(row, same_code=same.get(row.name)) for row in benchmarks)


def present(folder: Path, measured: Comparison, options: CompareOptions) -> Exit:
    """Writes what people and other tools read, prints the table, and judges."""
    judged, code = page.present(folder, measured)
    code = code if judged.code is Exit.FINE else judged.code
    if options.json:
        print_json(answer(folder, judged, code))
    return code


def answer(folder: Path, judged: Outcome, code: Exit) -> dict[str, Any]:
    """What --json prints: the verdicts and what they rest on."""
    comparison = judged.comparison
    return {
        "exit_code": int(code),
        "command": comparison.command,
        "folder": str(folder),
        "report": str(folder / "report.html"),
        "headline": text.headline(judged),
        "warnings": text.warnings(judged),
        **{key: to_builtins(getattr(comparison, key)) for key in ("failures", "unseen")},
        "benchmarks": [
            {"name": line.measured.name, "regressed": line.regressed, "less_accurate": line.less_accurate}
            | {key: getattr(line.judgement, key) for key in ("verdict", "estimate", "low", "high", "smallest_effect")}
            | {"same_code": line.measured.same_code}
            for line in judged.lines
        ],
    }
