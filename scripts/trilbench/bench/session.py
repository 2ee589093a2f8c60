"""A run from its first cell to its last, written down after each."""

import math
import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from trilbench.bench.plan import FULL_MIN_TIME, MODES, CostModel, in_turn, min_time_within, turns
from trilbench.machine import moment
from trilbench.results.listing import Cell
from trilbench.results.rows import RowResult, read_cell
from trilbench.results.run import CellRecord, Manifest, NamedReason, Status, write_manifest
from trilbench.setup.binary import Program, cell_command, measure

Report = Callable[[int, int, str, float], None]  # number of the cell, of how many, what it is, seconds left


@dataclass
class Run:
    """A run that is being measured."""

    folder: Path
    manifest: Manifest  # as it stands in the folder
    cells: Sequence[Cell]  # the manifest's, as they were planned
    programs: Sequence[Program]
    started: float  # when the mode's limits began to count (time.monotonic)

    def note(self, i: int, record: CellRecord, rows: Sequence[RowResult] = ()) -> None:
        """Writes down what became of a cell; its rows' failures replace earlier ones."""
        measured = {row.name.text for row in rows}
        earlier = (failure for failure in self.manifest.failures if failure.name not in measured)
        failed = (NamedReason(row.name.text, row.error) for row in rows if row.error)
        cells = (*self.manifest.cells[:i], record, *self.manifest.cells[i + 1 :])
        self.manifest = replace(self.manifest, cells=cells, failures=(*earlier, *failed))
        write_manifest(self.folder, self.manifest)


def measure_cells(run: Run, report: Report) -> None:
    """Measures the cells that are not complete. A further shape that would not end before the deadline is left out."""
    mode, repetitions = MODES[run.manifest.mode], run.manifest.repetitions
    hurried = math.isfinite(mode.budget)
    programs = {program.path.name: program for program in run.programs}
    order = in_turn(run.cells, CostModel(repetitions, hurried=hurried))
    waiting = [i for i in order if not _is_complete(run.folder, run.manifest.cells[i])]
    model = CostModel(repetitions, [run.cells[i] for i in waiting], hurried)
    turn = turns(run.cells)
    too_late: dict[tuple[str, str, int], bool] = {}
    for position, i in enumerate(waiting):
        cell, record, ahead = run.cells[i], run.manifest.cells[i], [run.cells[j] for j in waiting[position:]]
        elapsed = time.monotonic() - run.started
        if cell.place not in too_late:
            end = elapsed + model.least(later for later in ahead if later.place == cell.place)
            too_late[cell.place] = turn[cell.operation, cell.shape] > 0 and end > mode.deadline
        if too_late[cell.place]:
            run.note(i, replace(record, status=Status.OUT_OF_TIME))
            continue
        min_time = min_time_within(mode.budget - elapsed, ahead, model) if hurried else FULL_MIN_TIME
        report(position, len(waiting), _what(cell), model.total(ahead, min_time))
        settings = [*_settings(run.manifest, cell, model.min_time(cell, min_time))]
        command = cell_command(programs[record.program], cell, run.manifest.flags, settings)
        timeout = max(mode.deadline - elapsed, 0.1) if hurried else None
        ticks, began = moment.ticks(), time.monotonic()
        outcome = measure(command, run.folder / record.file, run.folder / "log.txt", timeout)
        seconds = time.monotonic() - began
        record = replace(
            record,
            status=outcome.status,
            message=outcome.message,
            command=shlex.join(command),
            seconds=round(seconds, 3),
            steal=moment.steal(ticks, moment.ticks(), seconds),
        )
        run.note(i, *_read(run.folder, record))
        model.learn(cell, min_time, seconds)


def _is_complete(folder: Path, record: CellRecord) -> bool:
    """Whether the cell was measured and its result can be read."""
    try:
        return record.status in (Status.DONE, Status.WRONG) and bool(read_cell(folder / record.file))
    except (OSError, ValueError):
        return False


def _read(folder: Path, record: CellRecord) -> tuple[CellRecord, tuple[RowResult, ...]]:
    """The cell's rows, if there are any; a result that should be there and cannot be read makes the cell broken."""
    try:
        return record, read_cell(folder / record.file).rows
    except (OSError, ValueError) as error:
        if record.status in (Status.DONE, Status.WRONG):
            (folder / record.file).unlink(missing_ok=True)  # cut short, as on a full disk
            record = replace(record, status=Status.BROKEN, message=f"left no readable result: {error}")
        return record, ()


def _settings(manifest: Manifest, cell: Cell, min_time: float) -> Iterator[str]:
    """The flags of one cell; where rows are chosen, those of the cell by their names."""
    yield f"--max-call={manifest.max_call:g}"
    yield f"--benchmark_min_time={min_time:.4g}"
    yield f"--benchmark_repetitions={manifest.repetitions}"
    yield "--benchmark_enable_random_interleaving=true"
    if manifest.select:
        yield f"--benchmark_filter=^({'|'.join(row.name.text for row in cell.rows)})(/|$)"


def _what(cell: Cell) -> str:
    threads = f", {cell.threads} threads" if cell.threads > 1 else ""
    return f"{cell.operation} {cell.shape}{threads}" + (f", {cell.peer}" if cell.peer else "")
