"""scripts/bench: build, measure, print the table."""

import contextlib
import dataclasses
import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trilbench.commands.report import report
from trilbench.compute.plan import Cell, CostModel, make_cells, min_time_within
from trilbench.host import machine, moment
from trilbench.measure import binary
from trilbench.measure.session import Limits, measure_cells
from trilbench.model.listing import ListedRow
from trilbench.model.run import CellRecord, Manifest, NamedReason, read_manifest, write_manifest
from trilbench.options import BenchOptions
from trilbench.paths import RUNS, operations, shown
from trilbench.render.progress import RunProgress
from trilbench.setup.build import build
from trilbench.stop import Exit, Stop


@dataclasses.dataclass(frozen=True)
class Mode:
    """How much a run measures."""

    repetitions: int
    max_call: float  # seconds; a row whose call takes longer is skipped
    limits: Limits


MODES = {
    "quick": Mode(repetitions=3, max_call=0.2, limits=Limits(budget=100, deadline=112)),
    "full": Mode(repetitions=9, max_call=2, limits=Limits()),
}
LEAST_MAX_CALL = 0.01


def main(options: BenchOptions) -> Exit:
    """Runs the command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is finished is kept
    if options.resume:
        earlier = read_manifest(options.resume)
        return resume_run(options.resume, earlier, binaries(earlier.operations, options), options.strict)
    folder = claim(options.out or RUNS / default_name(options))
    try:
        programs = binaries(options.operations or operations(), options)
        return new_run(folder, programs, options)
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()  # if it ended before anything was written


def new_run(folder: Path, programs: Mapping[str, Path], options: BenchOptions) -> Exit:
    """Plans, measures and reports a run in an empty folder."""
    mode = MODES[options.mode]
    rows, max_call = plan_rows(programs, options, mode)
    cells = make_cells(rows)
    if not cells:
        print_skipped_only(rows)
        return Exit.NOTHING_MATCHED
    manifest = Manifest(
        command=repeating_command(options),
        mode=options.mode,
        operations=tuple(programs),
        flags=options.flags,
        max_call=max_call,
        repetitions=mode.repetitions,
        started=timestamp(),
        binaries={name: binary.fingerprint(path) for name, path in programs.items()},
        environment=machine.environment(),
        state_before=moment.state(),
        cells=tuple(CellRecord(cell.operation, cell.shape, cell.threads) for cell in cells),
        skipped=tuple(NamedReason(row.name.text, row.skipped) for row in rows if row.skipped),
    )
    write_manifest(folder, manifest)
    return run(folder, manifest, cells, programs, options.strict)


def resume_run(folder: Path, manifest: Manifest, programs: Mapping[str, Path], strict: bool) -> Exit:
    """Measures what an interrupted run still lacks. Raises Stop if the programs are not the same any more."""
    for name, path in programs.items():
        if binary.fingerprint(path) != manifest.binaries[name]:
            raise Stop(f"{shown(path)} has changed since {shown(folder)} was begun: run anew", Exit.NOT_COMPARABLE)
    flags = (f"--shapes={manifest.mode}", *suite_flags(manifest.flags))
    listed = [row for path in programs.values() for row in binary.list_rows(path, flags, manifest.max_call)]
    planned = {(cell.operation, cell.shape, cell.threads): cell for cell in make_cells(listed)}
    places = [(record.operation, record.shape, record.threads) for record in manifest.cells]
    cells = [planned.get(place, Cell(*place, rows=())) for place in places]
    return run(folder, manifest, cells, programs, strict)


def run(folder: Path, manifest: Manifest, cells: Sequence[Cell], programs: Mapping[str, Path], strict: bool) -> Exit:
    """Measures the cells that wait, and reports."""
    try:
        with RunProgress() as progress:
            limits = MODES[manifest.mode].limits
            manifest = measure_cells(folder, manifest, cells, programs, limits, progress.begin)
    except KeyboardInterrupt:
        raise Stop(f"interrupted; what is finished is kept, and this goes on: {resuming_command(folder)}") from None
    manifest = dataclasses.replace(manifest, finished=timestamp(), state_after=moment.state())
    return report(folder, manifest, cells, resuming_command(folder), strict)


def plan_rows(programs: Mapping[str, Path], options: BenchOptions, mode: Mode) -> tuple[tuple[ListedRow, ...], float]:
    """All rows, and the longest call: shortened where the rows would not fit into the budget otherwise."""
    flags = (f"--shapes={options.mode}", *suite_flags(options.flags))
    max_call = mode.max_call
    while True:
        rows = tuple(row for path in programs.values() for row in binary.list_rows(path, flags, max_call))
        budget = mode.limits.budget
        fits = budget is None or min_time_within(budget, make_cells(rows), CostModel(mode.repetitions)) is not None
        if fits or max_call / 2 < LEAST_MAX_CALL:
            return rows, max_call
        max_call /= 2


def suite_flags(flags: Sequence[str]) -> tuple[str, ...]:
    """The flags without Google Benchmark's, which say nothing about the list of rows."""
    return tuple(flag for flag in flags if not flag.startswith("--benchmark_"))


def binaries(names: Sequence[str], options: BenchOptions) -> dict[str, Path]:
    """Builds, and returns the binary of each operation."""
    folder = build("release", "bench/all", install=not options.no_install) / "bench"
    for name in names:
        if not os.access(folder / name, os.X_OK):
            raise Stop(f"there is no {shown(folder / name)}: bench/{name}.cpp would make it")
    return {name: folder / name for name in names}


def claim(folder: Path) -> Path:
    """Makes the run's folder; an earlier result is never written over. Raises Stop."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Stop(f"{shown(folder)} is not empty; name a new folder, or go on with {resuming_command(folder)}")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Stop(f"cannot write to {shown(folder)}")
    except OSError as error:
        raise Stop(f"cannot make the run's folder {shown(folder)}: {error.strerror}") from error
    return folder


def default_name(options: BenchOptions) -> str:
    """20261122T183000Z-causal_mean-quick."""
    what = "+".join(options.operations) or "all"
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{what}-{options.mode}"


def timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def repeating_command(options: BenchOptions) -> str:
    """The command line that does the same again, in a folder of its own."""
    words = ["scripts/bench", f"--{options.mode}"]
    if options.operations:
        words.append(f"--operations={','.join(options.operations)}")
    if options.flags:
        words += ["--", *options.flags]
    return shlex.join(words)


def resuming_command(folder: Path) -> str:
    return shlex.join(["scripts/bench", "--resume", shown(folder)])


def print_skipped_only(rows: Sequence[ListedRow]) -> None:
    """Says why nothing runs, one line for each reason."""
    for reason in dict.fromkeys(row.skipped for row in rows):
        print(f"skipped: {reason}", file=sys.stderr)
    print("error: no row to run", file=sys.stderr)
