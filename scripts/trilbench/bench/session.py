"""A run from its first cell to its last, written down after each."""

import math
import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from trilbench.bench.plan import MODES, CostModel, in_turn, min_times, turns
from trilbench.machine import moment
from trilbench.results.listing import Cell
from trilbench.results.rows import RowResult, read_cell
from trilbench.results.run import CellRecord, Manifest, NamedReason, Status, write_manifest
from trilbench.setup.binary import Program, cell_command, measure

_PRIOR = 0.25  # of an operation's guess counts as having come true from the start

Report = Callable[[int, int, str, float], None]  # number of the cell, of how many, what it is, seconds left


def is_complete(folder: Path, record: CellRecord) -> bool:
    """Whether the cell was measured and its result can be read."""
    if record.status not in (Status.DONE, Status.WRONG):
        return False
    try:
        read_cell(folder / record.file)
    except (OSError, ValueError):
        return False
    return True


def measure_cells(
    folder: Path,
    manifest: Manifest,
    cells: Sequence[Cell],
    programs: Mapping[str, Program],
    started: float,
    report: Report,
) -> Manifest:
    """Measures the manifest's cells that are not complete; `cells` are the same ones, planned. `started` is when the
    mode's limits began to count (time.monotonic). A further shape that would not end before the deadline is left out.
    Returns the manifest as it stands in the folder."""
    mode, model = MODES[manifest.mode], CostModel(manifest.repetitions)
    waiting = [i for i in in_turn(cells, model) if not is_complete(folder, manifest.cells[i])]
    untimed = {cell.operation: _Untimed(prior=0.0) for cell in cells}
    for i in waiting:
        untimed[cells[i].operation].prior += _PRIOR * model.untimed_guess(cells[i])
    turn = turns(cells)
    too_late: dict[tuple[str, str, int], bool] = {}
    for position, i in enumerate(waiting):
        cell, ahead = cells[i], [cells[j] for j in waiting[position:]]
        record = manifest.cells[i]
        elapsed = time.monotonic() - started
        if cell.place not in too_late:
            end = elapsed + model.least(later for later in ahead if later.place == cell.place)
            too_late[cell.place] = turn[cell.operation, cell.shape] > 0 and end > mode.deadline
        if too_late[cell.place]:
            manifest = _with(manifest, i, replace(record, status=Status.OUT_OF_TIME), ())
            write_manifest(folder, manifest)
            continue
        times = min_times(mode.budget - elapsed, ahead, model)
        report(position, len(waiting), _what(cell), sum(map(model.seconds, ahead, times)))
        command = cell_command(programs[record.program], cell, manifest.flags, _settings(manifest, cell, times[0]))
        timeout = max(mode.deadline - elapsed, 0.1) if math.isfinite(mode.deadline) else None
        ticks, began = moment.ticks(), time.monotonic()
        outcome = measure(command, folder / record.file, folder / "log.txt", timeout)
        seconds = time.monotonic() - began
        record = replace(
            record,
            status=outcome.status,
            message=outcome.message,
            command=shlex.join(command),
            seconds=round(seconds, 3),
            steal=moment.steal(ticks, moment.ticks(), seconds),
        )
        manifest = _with(manifest, i, *_read(folder, record))
        write_manifest(folder, manifest)
        of_operation = untimed[cell.operation]
        of_operation.guessed += model.untimed_guess(cell)
        of_operation.measured += max(seconds - model.timed(cell, times[0]), 0.0)
        model = model.learned(cell.operation, of_operation.guessed, of_operation.measured, of_operation.prior)
    return manifest


def _settings(manifest: Manifest, cell: Cell, min_time: float) -> Iterator[str]:
    """The flags of one cell; where rows are chosen, those of the cell by their names."""
    yield f"--max-call={manifest.max_call:g}"
    yield f"--benchmark_min_time={min_time:.4g}"
    yield f"--benchmark_repetitions={manifest.repetitions}"
    yield "--benchmark_enable_random_interleaving=true"
    if manifest.select:
        yield f"--benchmark_filter=^({'|'.join(row.name.text for row in cell.rows)})(/|$)"


@dataclass
class _Untimed:
    """Seconds that an operation's cells spend outside the timed repetitions."""

    prior: float  # a part of what all will take, as guessed
    guessed: float = 0.0  # of those that are done
    measured: float = 0.0


def _what(cell: Cell) -> str:
    threads = f", {cell.threads} threads" if cell.threads > 1 else ""
    return f"{cell.operation} {cell.shape}{threads}" + (f", {cell.peer}" if cell.peer else "")


def _read(folder: Path, record: CellRecord) -> tuple[CellRecord, tuple[RowResult, ...]]:
    """The cell's rows, if there are any; a result that should be there and cannot be read makes the cell broken."""
    try:
        return record, read_cell(folder / record.file).rows
    except (OSError, ValueError) as error:
        if record.status in (Status.DONE, Status.WRONG):
            (folder / record.file).unlink(missing_ok=True)  # cut short, as on a full disk
            record = replace(record, status=Status.BROKEN, message=f"left no readable result: {error}")
        return record, ()


def _with(manifest: Manifest, i: int, record: CellRecord, rows: Sequence[RowResult]) -> Manifest:
    """The manifest with that cell's record, and its rows' failures in place of earlier ones."""
    cells = (*manifest.cells[:i], record, *manifest.cells[i + 1 :])
    measured = {row.name.text for row in rows}
    earlier = (failure for failure in manifest.failures if failure.name not in measured)
    failed = (NamedReason(row.name.text, row.error) for row in rows if row.error)
    return replace(manifest, cells=cells, failures=(*earlier, *failed))
