"""The machine's limits as the operation `machine` measured them: copies at each size, and arithmetic."""

from collections.abc import Iterable
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
    tables = make_tables(row for row in rows if row.name.operation == MACHINE)
    limits = (Limits(table.threads, _rates(table, computes=False), _rates(table, computes=True)) for table in tables)
    return [row for row in rows if row.name.operation != MACHINE], tuple(limits)


def _rates(table: Table, computes: bool) -> Rates:
    """Of the variants that compute, or of those that copy."""
    lines = [line for line in table.lines if _computes(line) is computes]
    places = [i for i in range(len(table.shapes)) if any(line.entries[i] for line in lines)]
    return Rates(
        sizes=tuple(_BYTES_OF_AN_ELEMENT * elements(table.sizes[i]) for i in places),
        lines=tuple(Rate(line.variant, tuple(_rate(line.entries[i], computes) for i in places)) for line in lines),
    )


def _computes(line: Line) -> bool:
    return any(entry and entry.flops_per_second for entry in line.entries)


def _rate(entry: Entry | None, computes: bool) -> float | None:
    value = entry and (entry.flops_per_second if computes else entry.bytes_per_second)
    return None if value is None else value / 1e9
