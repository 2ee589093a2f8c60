"""The machine's limits as the operation `machine` measured them: copies at each size, and arithmetic."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from trilbench.report.curves import elements
from trilbench.report.table import Entry, Line, Table, make_tables
from trilbench.results.names import MACHINE
from trilbench.results.rows import RowResult

_BYTES_OF_AN_ELEMENT = 8  # one float of x and one of y


@dataclass(frozen=True)
class Rate:
    """What one variant reaches."""

    variant: str
    values: tuple[float | None, ...]  # one per size; None: not measured or failed


@dataclass(frozen=True)
class Rates:
    """What several variants reach, in units of 1e9 a second."""

    sizes: tuple[int, ...]  # bytes of x and y together
    lines: tuple[Rate, ...]


@dataclass(frozen=True)
class Limits:
    """The machine at one number of threads."""

    threads: int
    copies: Rates  # GB/s, read and written
    arithmetic: Rates  # GFLOP/s
    operation: str = MACHINE


def split(rows: Iterable[RowResult]) -> tuple[list[RowResult], tuple[Limits, ...]]:
    """The operations' rows, and the limits made from the others."""
    rows = list(rows)
    own = [row for row in rows if row.name.operation == MACHINE]
    return [row for row in rows if row.name.operation != MACHINE], tuple(map(_limits, make_tables(own)))


def _limits(table: Table) -> Limits:
    arithmetic = [line for line in table.lines if _computes(line)]
    copies = [line for line in table.lines if line not in arithmetic]
    return Limits(
        threads=table.threads,
        copies=_rates(table, copies, lambda entry: entry.bytes_per_second),
        arithmetic=_rates(table, arithmetic, lambda entry: entry.flops_per_second),
    )


def _computes(line: Line) -> bool:
    return any(entry and entry.flops_per_second for entry in line.entries)


def _rates(table: Table, lines: Sequence[Line], rate: Callable[[Entry], float | None]) -> Rates:
    places = [i for i in range(len(table.shapes)) if any(line.entries[i] for line in lines)]
    return Rates(
        sizes=tuple(_BYTES_OF_AN_ELEMENT * elements(table.sizes[i]) for i in places),
        lines=tuple(Rate(line.variant, tuple(_billions(line.entries[i], rate) for i in places)) for line in lines),
    )


def _billions(entry: Entry | None, rate: Callable[[Entry], float | None]) -> float | None:
    value = rate(entry) if entry else None
    return value / 1e9 if value is not None else None
