"""The end of a run: what was measured goes into the folder and onto the screen."""

import shlex
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from rich.console import Console

from trilbench.files import write_whole
from trilbench.machine.noise import warnings
from trilbench.paths import shown
from trilbench.report import terminal as screen
from trilbench.report.figures.make import Choice, Figure, make_figures
from trilbench.report.limits import Limits, split
from trilbench.report.page import Past, page
from trilbench.report.printed import print_limits, print_operations, print_reasons
from trilbench.report.summary import csv_text, tidy
from trilbench.report.table import Table, make_tables
from trilbench.report.template import attempt, write_pictures
from trilbench.results.listing import Cell
from trilbench.results.names import BenchmarkName
from trilbench.results.rows import CellResult, RowResult
from trilbench.results.run import Manifest, NamedReason, Status, read_cells, read_manifest, write_manifest
from trilbench.stop import Exit

# What Google Benchmark's context says of one cell's moment, or of the person rather than the machine.
_MOMENTARY = {"date", "host_name", "executable", "load_avg"}


def report(
    folder: Path, manifest: Manifest, cells: Sequence[Cell], resume: str, strict: bool, files: bool = False
) -> Exit:
    """Writes the final manifest and all that is made of the run, prints the tables, and judges the run."""
    measured = read_cells(folder, manifest)
    rows = [row for result in measured for row in result.rows]
    manifest = replace(manifest, skipped=really_skipped(manifest, cells, rows))
    manifest = judged(manifest, measured, resume)
    write_manifest(folder, manifest)
    complete = present(folder, manifest, rows, files=files)
    code = verdict(manifest, rows, strict)
    return Exit.TOOL_FAILED if code == Exit.FINE and not complete else code


def read_run(folder: Path) -> tuple[Manifest, list[RowResult]]:
    """A run that lies there, judged() again, and its rows. Raises Stop."""
    manifest = read_manifest(folder)
    measured = read_cells(folder, manifest)
    return judged(manifest, measured, resuming_command(folder)), [row for result in measured for row in result.rows]


def judged(manifest: Manifest, measured: Sequence[CellResult], resume: str) -> Manifest:
    """The manifest with what the programs said of themselves, and with the reasons to doubt the run."""
    return replace(
        manifest,
        environment=manifest.environment | {"program": _program(measured)},
        warnings=(*unfinished(manifest, resume), *warnings(manifest, measured)),
    )


def _program(measured: Sequence[CellResult]) -> dict[str, Any]:
    """What the first program says of itself, and what only the others say: the version of each library."""
    said: dict[str, Any] = {}
    for result in reversed(measured):
        said |= {key: value for key, value in result.context.items() if key not in _MOMENTARY}
    libraries = dict.fromkeys(str(result.context["library"]) for result in measured if "library" in result.context)
    return said | ({"library": "; ".join(libraries)} if libraries else {})


def present(
    folder: Path,
    manifest: Manifest,
    rows: Sequence[RowResult],
    history: Past | None = None,
    files: bool = False,
    chosen: Collection[BenchmarkName] | None = None,
) -> bool:
    """Writes summary.csv and report.html, the figures as files too if they are asked for, and prints the tables: of the
    chosen benchmarks, or of all; the others' rows are what speed-ups are over. False if there are no figures. The
    tables come last, so that the files are there when their reader has seen enough of them (`| head`)."""
    write_whole(folder / "summary.csv", csv_text(*tidy(row for row in rows if chosen is None or row.name in chosen)))
    figures, fault = attempt(lambda: draw(manifest, rows, chosen))
    if files:
        write_pictures(folder, [*figures, *filter(None, [history.figure if history else None])])
    operations, limits = split(rows)
    tables = make_tables(operations, chosen)
    write_whole(folder / "report.html", page(folder, manifest, tables, limits, figures, fault, history))
    console = screen.console()
    print_tables(console, manifest, tables, limits)
    where = {"report:": shown(folder / "report.html"), "run folder:": shown(folder), "repeat:": manifest.command}
    screen.print_lines(console, "", *(f"{what:<12}{words}" for what, words in where.items()))
    if not rows:
        print(f"error: no row was measured; {shown(folder / 'log.txt')} says why", file=sys.stderr)
    if fault:
        print(f"error: the figures could not be drawn: {fault}", file=sys.stderr)
    return not fault


def draw(
    manifest: Manifest, rows: Sequence[RowResult], chosen: Collection[BenchmarkName] | None = None
) -> Sequence[Figure]:
    """The figures of the chosen benchmarks, or of all."""
    return make_figures(rows, manifest, Choice(chosen=chosen))


def really_skipped(manifest: Manifest, cells: Sequence[Cell], rows: Sequence[RowResult]) -> tuple[NamedReason, ...]:
    """The rows without a result. The binary predicts its calls anew in every process, so it may decide otherwise about
    a row than when the run was planned."""
    measured = {row.name.text for row in rows}
    skipped = [row for row in manifest.skipped if row.name not in measured]
    known = {row.name for row in skipped}
    late = "left out by the binary when its turn came; log.txt says why"
    for cell, record in zip(cells, manifest.cells, strict=True):
        if record.status in (Status.DONE, Status.WRONG, Status.NOTHING):
            absent = (row.name.text for row in cell.rows if row.name.text not in measured)
            skipped += [NamedReason(name, late) for name in absent if name not in known]
    return tuple(skipped)


def unfinished(manifest: Manifest, resume: str) -> list[str]:
    """One line if the time was up, or the run stopped, before the last cell."""
    late = [record for record in manifest.cells if record.status is Status.OUT_OF_TIME]
    missing = len(late) + sum(record.status is Status.WAITING for record in manifest.cells)
    why = "the time was up" if late else "the run was interrupted"
    return [f"{why}: {missing} of {len(manifest.cells)} cells are missing; {resume}"] if missing else []


def resuming_command(folder: Path) -> str:
    return shlex.join(["scripts/bench", "--resume", shown(folder)])


def print_tables(console: Console, manifest: Manifest, tables: Sequence[Table], limits: Sequence[Limits]) -> None:
    """Warnings, tables, what is missing and why."""
    console.print()
    for warning in manifest.warnings:
        screen.print_prose(console, f"warning: {warning}", "yellow")
    print_operations(console, tables)
    for of_threads in limits:
        print_limits(console, of_threads)
    print_reasons(console, "skipped:", (*manifest.skipped, *manifest.absent_peers))
    if tables and not manifest.peers:
        screen.print_lines(console, "", "libraries were not measured: --peers adds those that are there")
    if manifest.failures:
        failed = (f"FAILED {failure.name}: {failure.reason}" for failure in manifest.failures)
        screen.print_lines(console, "", *failed, style="bold red")
    for record in manifest.cells:
        if record.status is Status.BROKEN:
            text = f"FAILED {record.program} {record.shape}: {record.message}; repeat with: {record.command}"
            screen.print_lines(console, text, style="bold red")


def verdict(manifest: Manifest, rows: Sequence[RowResult], strict: bool) -> Exit:
    """The exit code."""
    statuses = {record.status for record in manifest.cells if not record.peer}  # a library's faults are not ours
    if Status.WRONG in statuses:
        return Exit.WRONG_RESULT
    if Status.BROKEN in statuses:
        return Exit.TOOL_FAILED
    if strict and manifest.warnings:
        return Exit.TOO_NOISY
    return Exit.FINE if rows else Exit.NOTHING_MATCHED
