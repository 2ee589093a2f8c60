"""The end of a run: what was measured goes into the folder and onto the screen."""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from trilbench.compute.noise import warnings
from trilbench.compute.plan import Cell
from trilbench.compute.table import make_tables
from trilbench.compute.tidy import tidy
from trilbench.files import write_whole
from trilbench.measure.session import results
from trilbench.model.result import RowResult
from trilbench.model.run import Manifest, NamedReason, Status, write_manifest
from trilbench.paths import shown
from trilbench.render.summary import csv_text
from trilbench.render.table import WIDTH, print_reasons, print_table
from trilbench.stop import Exit

# What Google Benchmark's context says of one cell's moment, or of the person rather than the machine.
_MOMENTARY = {"date", "host_name", "executable", "load_avg"}


def report(folder: Path, manifest: Manifest, cells: Sequence[Cell], resume: str, strict: bool) -> Exit:
    """Writes summary.csv and the final manifest, prints the table, and judges the run."""
    measured = results(folder, manifest)
    rows = [row for result in measured for row in result.rows]
    context = {key: value for key, value in measured[0].context.items() if key not in _MOMENTARY} if measured else {}
    manifest = dataclasses.replace(
        manifest,
        environment=manifest.environment | {"program": context},
        skipped=really_skipped(manifest, cells, rows),
        warnings=(*unfinished(manifest, resume), *warnings(manifest, measured)),
    )
    write_whole(folder / "summary.csv", csv_text(*tidy(rows)))
    write_manifest(folder, manifest)
    print_report(Console(width=WIDTH, highlight=False), folder, manifest, rows)
    if not rows:
        print(f"error: no row was measured; {shown(folder / 'log.txt')} says why", file=sys.stderr)
    return verdict(manifest, rows, strict)


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
    """One line if the time was up before the last cell."""
    late = [record for record in manifest.cells if record.status is Status.OUT_OF_TIME]
    return [f"the time was up: {len(late)} of {len(manifest.cells)} cells are missing; {resume}"] if late else []


def print_report(console: Console, folder: Path, manifest: Manifest, rows: Sequence[RowResult]) -> None:
    """Warnings, tables, what is missing and why, and where everything is."""
    console.print()
    for warning in manifest.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"), soft_wrap=True)
    for table in make_tables(rows):
        print_table(console, table)
    print_reasons(console, "skipped:", manifest.skipped)
    if manifest.failures:
        console.print()
        for failure in manifest.failures:
            console.print(Text(f"FAILED {failure.name}: {failure.reason}", style="bold red"), soft_wrap=True)
    for record in manifest.cells:
        if record.status is Status.BROKEN:
            text = f"FAILED {record.program} {record.shape}: {record.message}; repeat with: {record.command}"
            console.print(Text(text, style="bold red"), soft_wrap=True)
    console.print()
    console.print(Text(f"run folder: {shown(folder)}"), soft_wrap=True)
    console.print(Text(f"repeat:     {manifest.command}"), soft_wrap=True)


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
