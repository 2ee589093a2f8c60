"""The machine's limits as the operation `machine` measured them: copies at each size, and arithmetic.

They are the ceilings of the roofline model: a kernel is bound by arithmetic or by the memory that holds its data
(Williams, Waterman and Patterson, Roofline, CACM 52(4), 2009). The bytes are those that the operation must move, not
counted ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trilbench.report import curves
from trilbench.report.table import Entry, Table, make_tables
from trilbench.results.names import MACHINE
from trilbench.results.rows import RowResult
from trilbench.results.statistics import grouped

Rates = Mapping[str, Mapping[int, float]]  # variant: bytes of x and y together: what it reaches, 1e9 a second


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
    limits = (Limits(table.threads, _rates(copies(table)), _rates(arithmetic(table))) for table in tables)
    return [row for row in rows if row.name.operation != MACHINE], tuple(limits)


def copies(machine: Table) -> list[Entry]:
    """What only moves memory."""
    return [entry for entry in machine.entries if entry.bytes_per_second and not entry.flops_per_second]


def arithmetic(machine: Table) -> list[Entry]:
    """What multiplies and adds in registers."""
    return [entry for entry in machine.entries if entry.flops_per_second]


def giga(entry: Entry) -> float:
    """GFLOP/s of what computes, GB/s of what copies."""
    return (entry.flops_per_second or entry.bytes_per_second or 0.0) / 1e9


def _rates(entries: Iterable[Entry]) -> Rates:
    lines = grouped(entries, lambda entry: entry.name.variant)
    return {variant: {entry.arrays: giga(entry) for entry in line} for variant, line in lines.items()}


def sizes(rates: Rates) -> list[int]:
    """All at which something was measured."""
    return sorted({size for line in rates.values() for size in line})


@dataclass(frozen=True)
class Roofs:
    """What the machine gives kernels in lanes at most."""

    arithmetic: Mapping[str, float]  # instruction set: GFLOP/s
    memory: Mapping[str, float]  # level, from near to far: GB/s, read and written together

    @property
    def peak(self) -> float:
        return max(self.arithmetic.values())


@dataclass(frozen=True)
class Placed:
    """A variant at a shape in the roofline's plane."""

    intensity: float  # flops a byte
    gflops: float
    attainable: float  # GFLOP/s: the lower of both roofs
    bound: str  # which that is: "arithmetic", or the level of the memory that holds its arrays


def roofs(machine: Table, caches: Mapping[str, int]) -> Roofs | None:
    """From the rows of the machine's limits; None if there are no copies or no arithmetic among them."""
    sums, moves = (
        [entry for entry in some if entry.name.isa != "scalar" and not entry.name.isa.startswith("auto-")]
        for some in (arithmetic(machine), sorted(copies(machine), key=lambda entry: entry.arrays))
    )
    sets = grouped(sums, lambda entry: entry.name.isa)
    levels = grouped(moves, lambda entry: _level(entry.arrays, caches))
    best = [{key: max(map(giga, of)) for key, of in groups.items()} for groups in (sets, levels)]
    return Roofs(*best) if all(best) else None


def placed(entry: Entry, ceilings: Roofs, caches: Mapping[str, int]) -> Placed | None:
    """None if the row has no flops or no bytes, or lies in memory of which there is no ceiling."""
    level = _level(entry.working_set, caches)
    if not entry.flops_per_second or not entry.bytes_per_second or level not in ceilings.memory:
        return None
    intensity = entry.flops_per_second / entry.bytes_per_second
    slope = intensity * ceilings.memory[level]
    bound = "arithmetic" if ceilings.peak < slope else level
    return Placed(intensity, giga(entry), min(slope, ceilings.peak), bound)


def _level(size: int, caches: Mapping[str, int]) -> str:
    """The cache that holds so many bytes, or what lies beyond them."""
    home = curves.home(size, caches)
    return f"beyond {home[2:]}" if home.startswith("> ") else home or "memory"
