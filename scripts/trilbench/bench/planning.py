"""Which cells a run has: what the programs list, and what the time allows."""

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trilbench.results.cells import (
    LEAST_START,
    Cell,
    CostModel,
    make_cells,
    min_time_within,
    too_long_for_the_machine,
    too_many_shapes,
)
from trilbench.results.listing import ListedRow
from trilbench.results.run import NamedReason
from trilbench.results.units import duration
from trilbench.setup.binary import Program, list_rows
from trilbench.stop import Stop

LEAST_MAX_CALL = 0.01


@dataclass(frozen=True)
class Plan:
    """What a run will measure, and what it leaves out and why."""

    programs: tuple[Program, ...]  # that list something
    cells: tuple[Cell, ...]
    max_call: float  # seconds
    skipped: tuple[NamedReason, ...]  # rows
    silent: tuple[NamedReason, ...]  # programs of libraries that fail to list their rows


@dataclass(frozen=True)
class Listed:
    """What a program would run."""

    rows: tuple[ListedRow, ...]
    seconds: float  # that it took to say so: it starts, and loads what it needs


def plan_run(
    programs: Sequence[Program], flags: Sequence[str], max_call: float, model: CostModel, budget: float | None
) -> Plan:
    """The plan within a budget in seconds, of which the listing takes its part. What does not fit is left out: first
    the largest sizes of the machine's limits, then shapes, then, by a shorter longest call, the slowest variants.
    Raises Stop if a program of ours refuses the flags."""
    listed, silent = list_all(programs, flags, max_call)
    if budget is not None:
        budget -= sum(each.seconds for each in listed.values())
    while True:
        cells = cells_of(programs, listed)
        too_large = too_long_for_the_machine(cells, budget, model) if budget is not None else []
        cells = _without(cells, too_large)
        out = too_many_shapes(cells, budget, model) if budget is not None else []
        cells = _without(cells, out)
        fits = budget is None or min_time_within(budget, cells, model) is not None
        if fits or max_call / 2 < LEAST_MAX_CALL:
            break
        max_call /= 2
        listed = {name: dataclasses.replace(each, rows=_within(each.rows, max_call)) for name, each in listed.items()}
    rows = (row for each in listed.values() for row in each.rows)
    skipped = [NamedReason(row.name.text, row.skipped) for row in rows if row.skipped]
    for cell in too_large:
        why = f"all variants together would take {duration(model.untimed_guess(cell))}, too long for --quick"
        skipped += [NamedReason(row.name.text, why) for row in cell.rows]
    why = "--quick has not the time for this shape: it measures two of each operation, and more as time allows"
    skipped += [NamedReason(row.name.text, why) for cell in out for row in cell.rows]
    return Plan(
        programs=tuple(program for program in programs if program.path.name in listed),
        cells=cells,
        max_call=max_call,
        skipped=tuple(skipped),
        silent=tuple(silent),
    )


def list_all(
    programs: Sequence[Program], flags: Sequence[str], max_call: float
) -> tuple[dict[str, Listed], list[NamedReason]]:
    """What each program would run, by its name, and the libraries' programs that fail to say so."""
    ours = [flag for flag in flags if not flag.startswith("--benchmark_")]  # those say nothing about the list
    listed, silent = {}, []
    for program in programs:
        began = time.monotonic()
        try:
            rows = list_rows(program, ours, max_call)
        except Stop as stop:
            if not program.peer:
                raise
            silent.append(NamedReason(program.path.name, str(stop)))
        else:
            listed[program.path.name] = Listed(rows, time.monotonic() - began)
    return listed, silent


def cells_of(programs: Sequence[Program], listed: Mapping[str, Listed]) -> tuple[Cell, ...]:
    """The cells of all programs."""
    found = [(program, listed[program.path.name]) for program in programs if program.path.name in listed]
    return tuple(
        cell for program, each in found for cell in make_cells(each.rows, program.peer, max(LEAST_START, each.seconds))
    )


def _without(cells: Sequence[Cell], out: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(cell for cell in cells if cell not in out)


def _within(rows: Sequence[ListedRow], max_call: float) -> tuple[ListedRow, ...]:
    """The rows as the program would list them with a shorter longest call."""

    def why(row: ListedRow) -> str:
        too_long = f"a call would take {duration(row.seconds)}, more than --max-call={duration(max_call)}"
        return row.skipped or (too_long if row.seconds > max_call else "")

    return tuple(dataclasses.replace(row, skipped=why(row)) for row in rows)
