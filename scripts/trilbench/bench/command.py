"""scripts/bench: build, measure, print the table."""

import contextlib
import dataclasses
import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from trilbench.bench.options import BenchOptions
from trilbench.bench.plan import FULL_MIN_TIME, CostModel, cells_of, list_all, plan_run
from trilbench.bench.session import Limits, measure_cells
from trilbench.files import claim
from trilbench.machine import facts as machine
from trilbench.machine import moment
from trilbench.machine.moment import timestamp
from trilbench.paths import RUNS, operations, shown
from trilbench.report.publish import report, resuming_command
from trilbench.report.terminal import RunProgress
from trilbench.results.listing import Cell
from trilbench.results.names import MACHINE
from trilbench.results.run import CellRecord, Manifest, NamedReason, Status, read_manifest, write_manifest
from trilbench.results.units import countdown
from trilbench.setup import binary, peers
from trilbench.setup.binary import Program
from trilbench.setup.build import build
from trilbench.setup.peers.library import Library
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop


@dataclasses.dataclass(frozen=True)
class Mode:
    """How much a run measures."""

    repetitions: int
    max_call: float  # seconds; a row whose call takes longer is skipped
    limits: Limits


# Quick: of two minutes, nearly twenty seconds remain for the figures of five operations, and some for a cell that takes
# longer than planned.
MODES = {
    "quick": Mode(repetitions=3, max_call=0.2, limits=Limits(budget=94, deadline=100)),
    "full": Mode(repetitions=9, max_call=2, limits=Limits()),
}


def main(options: BenchOptions) -> Exit:
    """Runs the command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is finished is kept
    if options.resume:
        earlier = read_manifest(options.resume)
        programs, _ = find_programs(earlier.operations, earlier.peers, install=not options.no_install)
        return resume_run(options.resume, earlier, programs, options.strict)
    folder = options.out or RUNS / default_name(options)
    folder = claim(folder, or_resume(folder))
    try:
        names = options.operations or default_operations(options.flags)
        programs, absent = find_programs(names, options.peers, install=not options.no_install)
        if not options.operations and chooses(options.flags):
            programs, refusals = binary.that_take(programs, options.flags)
            for operation, refusal in refusals.items():
                say(f"left out: {operation}: {refusal}")
        return new_run(folder, programs, options, absent)
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()  # if it ended before anything was written


def new_run(
    folder: Path, programs: Sequence[Program], options: BenchOptions, absent: Sequence[NamedReason] = ()
) -> Exit:
    """Plans, measures and reports a run in an empty folder."""
    started = time.monotonic()
    mode = MODES[options.mode]
    model = CostModel(mode.repetitions)
    plan = plan_run(programs, flags_of(options.mode, options.flags), mode.max_call, model, mode.limits.budget)
    if not plan.cells:
        print_skipped_only(plan.skipped)
        return Exit.NOTHING_MATCHED
    manifest = Manifest(
        command=repeating_command(options),
        mode=options.mode,
        operations=tuple(dict.fromkeys(program.operation for program in plan.programs)),
        flags=options.flags,
        max_call=plan.max_call,
        repetitions=mode.repetitions,
        started=timestamp(),
        binaries={program.path.name: binary.fingerprint(program.path) for program in plan.programs},
        environment=machine.environment(binary.ask_machine(plan.programs[0])),
        state_before=moment.state(),
        cells=tuple(CellRecord(cell.operation, cell.shape, cell.threads, cell.peer) for cell in plan.cells),
        skipped=plan.skipped,
        peers=options.peers,
        absent_peers=(*absent, *plan.silent),
    )
    write_manifest(folder, manifest)
    for peer in manifest.absent_peers:
        say(f"skipped: {peer.name}: {peer.reason}")
    if mode.limits.budget is None:
        seconds = sum(model.seconds(cell, FULL_MIN_TIME) for cell in plan.cells)
        rows = sum(len(cell.rows) for cell in plan.cells)
        say(f"{rows} rows in {len(plan.cells)} cells will take about {countdown(seconds)}")
    return run(folder, manifest, plan.cells, plan.programs, started, options.strict)


def resume_run(folder: Path, manifest: Manifest, programs: Sequence[Program], strict: bool) -> Exit:
    """Measures what an interrupted run still lacks. Raises Stop if the programs are not the same any more."""
    started = time.monotonic()
    found = {program.path.name: program.path for program in programs}
    for name, digest in manifest.binaries.items():
        if name not in found or binary.fingerprint(found[name]) != digest:
            raise Stop(f"{name} has changed since {shown(folder)} was begun: run anew", Exit.NOT_COMPARABLE)
    known = [program for program in programs if program.path.name in manifest.binaries]
    listed, _ = list_all(known, flags_of(manifest.mode, manifest.flags), manifest.max_call)
    planned = {place(cell): cell for cell in cells_of(known, listed)}
    cells = [
        planned.get(place(record), Cell(record.operation, record.shape, record.threads, (), record.peer))
        for record in manifest.cells
    ]
    return run(folder, manifest, cells, programs, started, strict)


def flags_of(mode: str, flags: Sequence[str]) -> tuple[str, ...]:
    """What the programs are listed with; the user's flags come after the mode's shapes and so win over them."""
    return (f"--shapes={mode}", *flags)


def place(cell: Cell | CellRecord) -> tuple[str, str, int, str]:
    """What tells cells apart."""
    return cell.operation, cell.shape, cell.threads, cell.peer


def run(
    folder: Path,
    manifest: Manifest,
    cells: Sequence[Cell],
    programs: Sequence[Program],
    started: float,
    strict: bool,
) -> Exit:
    """Measures the cells that wait, and reports. `started` is when the run's limits began to count."""
    limits = MODES[manifest.mode].limits
    by_name = {program.path.name: program for program in programs}
    try:
        with RunProgress() as progress:
            manifest = measure_cells(folder, manifest, cells, by_name, limits, started, progress.begin)
    except KeyboardInterrupt:
        raise Stop(f"interrupted; what is finished is kept, and this goes on: {resuming_command(folder)}") from None
    manifest = replace(manifest, finished=timestamp(), state_after=moment.state())
    return report(folder, manifest, cells, resuming_command(folder), strict)


def default_operations(flags: Sequence[str]) -> tuple[str, ...]:
    """All of them; but flags that choose shapes or variants are not meant for the machine's limits."""
    return tuple(name for name in operations() if not (chooses(flags) and name == MACHINE))


def chooses(flags: Sequence[str]) -> bool:
    """Whether the flags choose shapes or variants, which not every operation has."""
    return any(flag.startswith(("--shapes", "--only")) for flag in flags)


def find_programs(
    names: Sequence[str], with_peers: bool, install: bool
) -> tuple[tuple[Program, ...], tuple[NamedReason, ...]]:
    """Builds, and returns the programs of the operations and, if asked for, of libraries; also those of libraries that
    are missing, with the reason. Raises Stop if one of our own is missing."""
    libraries = find_libraries(install) if with_peers else {}
    settings = [flag for library in libraries.values() for flag in library.settings]
    folder = build("release", "bench/all", install=install, settings=settings) / "bench"
    programs = [Program(folder / name, name) for name in names]
    for program in programs:
        if not is_program(program.path):
            raise Stop(f"there is no {shown(program.path)}: bench/{program.operation}.cpp would make it")
    absent = []
    for peer, library in libraries.items():
        found = [Program(folder / f"{name}_{peer}", name, peer, library.environment) for name in names]
        found = [program for program in found if is_program(program.path) and not library.missing]
        if not found:
            absent.append(NamedReason(peer, library.missing or "it computes none of these operations"))
        programs += found
    return tuple(programs), tuple(absent)


def find_libraries(install: bool) -> Mapping[str, Library]:
    """The libraries that the suite knows, made available as far as this machine allows."""
    return peers.ensure(install)


def is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def or_resume(folder: Path) -> str:
    """That a run may be resumed, if the folder holds one that lacks cells."""
    try:
        cells = read_manifest(folder).cells
    except Stop:
        return ""
    lacking = any(cell.status in (Status.WAITING, Status.OUT_OF_TIME) for cell in cells)
    return f", or go on with what is there: {resuming_command(folder)}" if lacking else ""


def default_name(options: BenchOptions) -> str:
    """20261122T183000Z-causal_mean-quick."""
    what = "+".join(options.operations) or "all"
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{what}-{options.mode}"


def repeating_command(options: BenchOptions) -> str:
    """The command line that does the same again, in a folder of its own."""
    words = ["scripts/bench", f"--{options.mode}"]
    if options.operations:
        words.append(f"--operations={','.join(options.operations)}")
    if options.peers:
        words.append("--peers")
    if options.flags:
        words += ["--", *options.flags]
    return shlex.join(words)


def print_skipped_only(rows: Sequence[NamedReason]) -> None:
    """Says why nothing runs, one line for each reason."""
    for reason in dict.fromkeys(row.reason for row in rows):
        print(f"skipped: {reason}", file=sys.stderr)
    print("error: no row to run", file=sys.stderr)
