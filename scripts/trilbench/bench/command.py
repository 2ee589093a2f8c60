"""scripts/bench: build, measure, print the table."""

import contextlib
import os
import shlex
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from trilbench.bench.plan import MODES, list_all, plan_run
from trilbench.bench.session import Run, measure_cells
from trilbench.commands import BenchOptions
from trilbench.files import claim
from trilbench.machine import facts as machine
from trilbench.machine import moment
from trilbench.machine.key import machine_of
from trilbench.machine.moment import timestamp
from trilbench.paths import RUNS, operations, shown
from trilbench.report.answer import Win, wins
from trilbench.report.limits import split
from trilbench.report.publish import report, resuming_command
from trilbench.report.summary import tidy
from trilbench.report.table import make_tables
from trilbench.report.terminal import print_json
from trilbench.results.listing import Cell
from trilbench.results.names import MACHINE
from trilbench.results.run import CellRecord, Manifest, NamedReason, Status, read_cells, read_manifest, write_manifest
from trilbench.results.units import countdown
from trilbench.setup import binary, peers
from trilbench.setup.binary import Program
from trilbench.setup.build import build
from trilbench.setup.tools import Progress, say
from trilbench.stop import Exit, Stop, telling


def main(options: BenchOptions) -> Exit:
    """Runs the command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is finished is kept
    install = not options.no_install
    if options.resume:
        earlier = read_manifest(options.resume)
        check_machine(options.resume, earlier)
        programs, _ = find_programs(earlier.operations, earlier.peers, install)
        return resume_run(options.resume, earlier, programs, options)
    folder = options.out or RUNS / default_name(options)
    folder = claim(folder, or_resume(folder))
    try:
        programs, absent = find_programs(options.operations or default_operations(options), options.peers, install)
        if not options.operations and not_for_all(options):
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
    plan = plan_run(programs, options.mode, options.flags, options.select, options.max_call)
    if not plan.cells:
        for reason in dict.fromkeys(row.reason for row in plan.skipped):
            say(f"skipped: {reason}")
        say("error: no row to run" + (f" whose name matches '{options.select}'" if options.select else ""))
        return Exit.NOTHING_MATCHED
    manifest = Manifest(
        command=repeating_command(options),
        mode=options.mode,
        operations=tuple(dict.fromkeys(program.operation for program in plan.programs)),
        flags=options.flags,
        select=options.select,
        max_call=plan.max_call,
        repetitions=MODES[options.mode].repetitions,
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
    if options.full:
        rows = sum(len(cell.rows) for cell in plan.cells)
        say(f"{rows} rows in {len(plan.cells)} cells will take about {countdown(plan.seconds)}")
    return finish(Run(folder, manifest, plan.cells, plan.programs, started), options)


def check_machine(folder: Path, manifest: Manifest) -> None:
    """Raises Stop if the run was begun on another machine: the programs are the same there, the times are not."""
    there, here = (machine_of(each).key for each in (manifest.environment, machine.environment()))
    if there != here:
        raise Stop(f"{shown(folder)} was begun on {there}, and this is {here}: run anew", Exit.NOT_COMPARABLE)


def resume_run(folder: Path, manifest: Manifest, programs: Sequence[Program], options: BenchOptions) -> Exit:
    """Measures what an interrupted run still lacks. Raises Stop if the programs are not the same any more."""
    started = time.monotonic()
    found = {program.path.name: program.path for program in programs}
    for name, digest in manifest.binaries.items():
        if name not in found or binary.fingerprint(found[name]) != digest:
            raise Stop(f"{name} has changed since {shown(folder)} was begun: run anew", Exit.NOT_COMPARABLE)
    known = [program for program in programs if program.path.name in manifest.binaries]
    listed, _ = list_all(known, manifest.mode, manifest.flags, manifest.select, manifest.max_call)
    planned = {(*cell.place, cell.peer): cell for each in listed for cell in each.cells}
    places = [(record.operation, record.shape, record.threads, record.peer) for record in manifest.cells]
    cells = [planned.get(place, Cell(*place[:3], rows=(), peer=place[3])) for place in places]
    return finish(Run(folder, manifest, cells, programs, started), options)


def finish(run: Run, options: BenchOptions) -> Exit:
    """Measures the cells that wait, and reports."""
    go_on = resuming_command(run.folder)
    with telling(lambda: f"; what is finished is kept, and this goes on: {go_on}"):
        with Progress() as progress:
            measure_cells(run, progress.begin)
        manifest = replace(run.manifest, finished=timestamp(), state_after=moment.state())
        code = report(run.folder, manifest, run.cells, go_on, options.strict, options.draw)
    if options.json:
        print_json(answer(run.folder, code))
    return code


def answer(folder: Path, code: Exit) -> dict[str, Any]:
    """What --json prints: where everything is, every row as summary.csv has it, and who is the fastest where."""
    manifest = read_manifest(folder)
    rows = [row for result in read_cells(folder, manifest) for row in result.rows]
    tables = make_tables(split(rows)[0])
    return {
        "exit_code": int(code),
        "command": manifest.command,
        "folder": str(folder),
        "report": str(folder / "report.html"),
        "summary": str(folder / "summary.csv"),
        **{key: to_builtins(getattr(manifest, key)) for key in ("warnings", "failures", "skipped", "absent_peers")},
        "fastest": [
            {"operation": table.operation, "threads": table.threads} | _fastest(win)
            for table in tables
            for win in wins(table)
        ],
        "rows": tidy(rows)[1],
    }


def _fastest(win: Win) -> dict[str, Any]:
    told = to_builtins(win)
    del told["entry"]["name"]
    return {key: getattr(win, key) for key in ("shape", "variant", "implementation")} | told


def not_for_all(options: BenchOptions) -> bool:
    """Whether shapes or variants are chosen, which not every operation has."""
    return bool(options.shapes or options.only)


def default_operations(options: BenchOptions) -> tuple[str, ...]:
    """All of them; but who chooses shapes or variants does not mean the machine's limits."""
    return tuple(name for name in operations() if not (not_for_all(options) and name == MACHINE))


def find_programs(
    names: Sequence[str], with_peers: bool, install: bool
) -> tuple[tuple[Program, ...], tuple[NamedReason, ...]]:
    """Builds, and returns the programs of the operations and, if asked for, of libraries; also those of libraries that
    are missing, with the reason. Raises Stop if one of our own is missing."""
    libraries = peers.ensure(install) if with_peers else {}
    settings = [flag for library in libraries.values() for flag in library.settings]
    folder = build("release", "bench/all", install=install, settings=settings) / "bench"
    programs = [Program(folder / name, name) for name in names]
    for program in programs:
        if not os.access(program.path, os.X_OK):
            raise Stop(f"there is no {shown(program.path)}: bench/{program.operation}.cpp would make it")
    absent = []
    for peer, library in libraries.items():
        found = [Program(folder / f"{name}_{peer}", name, peer, library.environment) for name in names]
        found = [program for program in found if os.access(program.path, os.X_OK) and not library.missing]
        if not found:
            absent.append(NamedReason(peer, library.missing or "it computes none of these operations"))
        programs += found
    return tuple(programs), tuple(absent)


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
    words = options.typed(("operations", "select", "peers", "max_call"))
    return shlex.join(["scripts/bench", f"--{options.mode}", *words, *options.flags])
