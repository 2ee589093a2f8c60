"""A run from its first cell to its last, written down after each."""

import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from trilbench.bench.plan import (
    FULL_MIN_TIME,
    LEAST_MIN_TIME,
    CostModel,
    extra_turns,
    in_turn,
    least_for_the_machine,
    min_time_within,
)
from trilbench.machine import moment
from trilbench.results.listing import Cell
from trilbench.results.rows import CellResult, read_cell
from trilbench.results.run import CellRecord, Manifest, NamedReason, Status, write_manifest
from trilbench.setup.binary import Outcome, Program, cell_command, measure

_PRIOR = 0.25  # of an operation's guess counts as having come true from the start

Report = Callable[[int, int, str, float], None]  # number of the cell, of how many, what it is, seconds left


@dataclass(frozen=True)
class Limits:
    """The time that a run may take until its last cell, in seconds: shared out by the budget, cut off at the
    deadline."""

    budget: float | None = None
    deadline: float | None = None


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
    limits: Limits,
    started: float,
    report: Report,
) -> Manifest:
    """Measures the manifest's cells that are not complete; `cells` are the same ones, planned. `started` is when the
    limits began to count (time.monotonic). A further shape that would not end before the deadline is left out.
    Returns the manifest as it stands in the folder."""
    model = CostModel(manifest.repetitions)
    waiting = [i for i in in_turn(cells, model) if not is_complete(folder, manifest.cells[i])]
    untimed = {cell.operation: _Untimed(prior=0.0) for cell in cells}
    for i in waiting:
        untimed[cells[i].operation].prior += _PRIOR * model.untimed_guess(cells[i])
    extra = extra_turns(cells)
    too_late: dict[tuple[str, str, int], bool] = {}
    for position, i in enumerate(waiting):
        cell, ahead = cells[i], [cells[j] for j in waiting[position:]]
        elapsed = time.monotonic() - started
        if cell.place not in too_late:
            end = elapsed + model.least(later for later in ahead if later.place == cell.place)
            may_be_left_out = limits.deadline is not None and (cell.operation, cell.shape) in extra
            too_late[cell.place] = may_be_left_out and end > limits.deadline
        if too_late[cell.place]:
            manifest = _with(manifest, i, replace(manifest.cells[i], status=Status.OUT_OF_TIME), None)
            write_manifest(folder, manifest)
            continue
        min_times = _min_times(limits.budget, elapsed, ahead, model)
        left = sum(model.seconds(later, min_time) for later, min_time in zip(ahead, min_times, strict=True))
        report(position, len(waiting), _what(cell), left)
        settings = [
            f"--max-call={manifest.max_call:g}",
            f"--benchmark_min_time={min_times[0]:.4g}",
            f"--benchmark_repetitions={manifest.repetitions}",
            "--benchmark_enable_random_interleaving=true",
        ]
        command = cell_command(programs[manifest.cells[i].program], cell, manifest.flags, settings)
        timeout = None if limits.deadline is None else max(limits.deadline - elapsed, 0.1)
        ticks, began = moment.ticks(), time.monotonic()
        outcome = measure(command, folder / manifest.cells[i].file, folder / "log.txt", timeout)
        seconds = time.monotonic() - began
        record = replace(
            manifest.cells[i],
            status=outcome.status,
            message=outcome.message,
            command=shlex.join(command),
            seconds=round(seconds, 3),
            steal=moment.steal(ticks, moment.ticks(), seconds),
        )
        manifest = _with(manifest, i, *_read(folder, record, outcome))
        write_manifest(folder, manifest)
        of_operation = untimed[cell.operation]
        of_operation.guessed += model.untimed_guess(cell)
        of_operation.measured += max(seconds - model.timed(cell, min_times[0]), 0.0)
        model = model.learned(cell.operation, of_operation.guessed, of_operation.measured, of_operation.prior)
    return manifest


@dataclass
class _Untimed:
    """Seconds that an operation's cells spend outside the timed repetitions."""

    prior: float  # a part of what all will take, as guessed
    guessed: float = 0.0  # of those that are done
    measured: float = 0.0


def _min_times(budget: float | None, elapsed: float, ahead: Sequence[Cell], model: CostModel) -> list[float]:
    """Seconds per repetition of each cell ahead."""
    if budget is None:
        return [FULL_MIN_TIME] * len(ahead)
    common = min_time_within(budget - elapsed, ahead, model) or LEAST_MIN_TIME
    return [least_for_the_machine(cell, common) for cell in ahead]


def _what(cell: Cell) -> str:
    threads = f", {cell.threads} threads" if cell.threads > 1 else ""
    return f"{cell.operation} {cell.shape}{threads}" + (f", {cell.peer}" if cell.peer else "")


def _read(folder: Path, record: CellRecord, outcome: Outcome) -> tuple[CellRecord, CellResult | None]:
    """The cell's result, if there is one; a result that should be there and cannot be read makes the cell broken."""
    try:
        return record, read_cell(folder / record.file)
    except (OSError, ValueError) as error:
        if outcome.status in (Status.DONE, Status.WRONG):
            (folder / record.file).unlink(missing_ok=True)  # cut short, as on a full disk
            return replace(record, status=Status.BROKEN, message=f"left no readable result: {error}"), None
        return record, None


def _with(manifest: Manifest, i: int, record: CellRecord, result: CellResult | None) -> Manifest:
    cells = (*manifest.cells[:i], record, *manifest.cells[i + 1 :])
    rows = result.rows if result else ()
    measured = {row.name.text for row in rows}
    earlier = (failure for failure in manifest.failures if failure.name not in measured)
    failed = (NamedReason(row.name.text, row.error) for row in rows if row.error)
    return replace(manifest, cells=cells, failures=(*earlier, *failed))
