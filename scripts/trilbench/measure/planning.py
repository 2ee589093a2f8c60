"""Which cells a run has: what the programs list, and what the time allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trilbench.compute.plan import Cell, CostModel, make_cells, min_time_within, too_long_for_the_machine
from trilbench.measure.binary import Program, list_rows
from trilbench.model.listing import ListedRow
from trilbench.model.run import NamedReason
from trilbench.render.units import duration
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


def plan_run(
    programs: Sequence[Program], flags: Sequence[str], max_call: float, model: CostModel, budget: float | None
) -> Plan:
    """The plan within a budget in seconds. A longest call for which the rows would not fit into it is shortened; before
    that the machine's limits lose their largest sizes. Raises Stop if a program of ours refuses the flags."""
    while True:
        listed, silent = list_all(programs, flags, max_call)
        cells = cells_of(programs, listed)
        out = too_long_for_the_machine(cells, budget, model) if budget is not None else []
        cells = tuple(cell for cell in cells if cell not in out)
        fits = budget is None or min_time_within(budget, cells, model) is not None
        if fits or max_call / 2 < LEAST_MAX_CALL:
            break
        max_call /= 2
    skipped = [NamedReason(row.name.text, row.skipped) for rows in listed.values() for row in rows if row.skipped]
    for cell in out:
        why = f"all ways together would take {duration(model.untimed_guess(cell))}, too long for --quick"
        skipped += [NamedReason(row.name.text, why) for row in cell.rows]
    return Plan(
        programs=tuple(program for program in programs if program.path.name in listed),
        cells=cells,
        max_call=max_call,
        skipped=tuple(skipped),
        silent=tuple(silent),
    )


def list_all(
    programs: Sequence[Program], flags: Sequence[str], max_call: float
) -> tuple[dict[str, tuple[ListedRow, ...]], list[NamedReason]]:
    """What each program would run, by its name, and the libraries' programs that fail to say so."""
    ours = [flag for flag in flags if not flag.startswith("--benchmark_")]  # those say nothing about the list
    listed, silent = {}, []
    for program in programs:
        try:
            listed[program.path.name] = list_rows(program, ours, max_call)
        except Stop as stop:
            if not program.peer:
                raise
            silent.append(NamedReason(program.path.name, str(stop)))
    return listed, silent


def cells_of(programs: Sequence[Program], listed: Mapping[str, tuple[ListedRow, ...]]) -> tuple[Cell, ...]:
    """The cells of all programs."""
    return tuple(cell for program in programs for cell in make_cells(listed.get(program.path.name, ()), program.peer))
