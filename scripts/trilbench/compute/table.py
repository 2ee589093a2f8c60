"""The table's data: for each operation and thread count, rows are ways, columns are shapes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trilbench.compute.noise import NOISY_SPREAD
from trilbench.compute.statistics import summarise
from trilbench.model.result import RowResult

_INSTRUCTION_SETS = ("scalar", "sse2", "neon", "avx2", "avx512")  # from narrow to wide


@dataclass(frozen=True)
class Entry:
    """One way on one shape."""

    seconds: float  # median
    speedups: tuple[float | None, ...]  # over each baseline; None where that has no time
    noisy: bool


@dataclass(frozen=True)
class Line:
    """One way on all shapes."""

    way: str
    entries: tuple[Entry | None, ...]  # one per shape; None: not measured or failed
    failed: tuple[bool, ...]
    worst_error: float | None  # over bound, over all shapes


@dataclass(frozen=True)
class Table:
    """One operation at one number of threads."""

    operation: str
    threads: int
    axes: str  # "BxTxC"
    shapes: tuple[str, ...]
    baselines: tuple[str, ...]  # ways
    lines: tuple[Line, ...]


def make_tables(rows: Iterable[RowResult]) -> tuple[Table, ...]:
    """Tables in the order in which operations and thread counts appear."""
    groups: dict[tuple[str, int], list[RowResult]] = {}
    for row in rows:
        groups.setdefault((row.name.operation, row.name.threads), []).append(row)
    return tuple(_table(operation, threads, group) for (operation, threads), group in groups.items())


def choose_baselines(ways: Iterable[str]) -> tuple[str, ...]:
    """What speed-ups are stated over, where present: the definition's loop kept scalar, and the running sum as the
    compiler vectorises it for the widest instruction set."""
    present = set(ways)
    sums = [f"running_sum/auto-{isa}" for isa in reversed(_INSTRUCTION_SETS)]
    candidates = [["scalar_loop/scalar"], sums]
    return tuple(way for names in candidates for way in [name for name in names if name in present][:1])


def way_order(way: str) -> tuple[bool, bool, str, int]:
    """Sorts ways from plain to learned: the definition, other plain code, lanes; each from narrow to wide."""
    name, _, isa = way.partition("/")
    width = isa.removeprefix("auto-")
    plain = isa == "scalar" or isa.startswith("auto-")
    place = _INSTRUCTION_SETS.index(width) if width in _INSTRUCTION_SETS else len(_INSTRUCTION_SETS)
    return not plain, name != "scalar_loop", name, place


def _table(operation: str, threads: int, rows: Sequence[RowResult]) -> Table:
    shapes = tuple(dict.fromkeys(row.name.shape for row in rows))
    by_place = {(row.name.way, row.name.shape): row for row in rows}
    baselines = choose_baselines(row.name.way for row in rows)
    ways = sorted(dict.fromkeys(row.name.way for row in rows), key=way_order)
    return Table(
        operation=operation,
        threads=threads,
        axes="x".join(axis for axis, _ in rows[0].name.axes),
        shapes=shapes,
        baselines=baselines,
        lines=tuple(_line(way, shapes, baselines, by_place) for way in ways),
    )


def _line(
    way: str, shapes: Sequence[str], baselines: Sequence[str], by_place: Mapping[tuple[str, str], RowResult]
) -> Line:
    rows = [by_place.get((way, shape)) for shape in shapes]
    errors = [
        repetition.counters["error_over_bound"]
        for row in rows
        if row
        for repetition in row.repetitions
        if "error_over_bound" in repetition.counters
    ]
    return Line(
        way=way,
        entries=tuple(
            _entry(row, [by_place.get((base, shape)) for base in baselines])
            for row, shape in zip(rows, shapes, strict=True)
        ),
        failed=tuple(bool(row and row.error) for row in rows),
        worst_error=max(errors) if errors else None,
    )


def _entry(row: RowResult | None, baselines: Sequence[RowResult | None]) -> Entry | None:
    seconds = _median(row)
    if row is None or seconds is None:
        return None
    over = (_median(base) for base in baselines)
    return Entry(
        seconds=seconds,
        speedups=tuple(base / seconds if base is not None and seconds > 0 else None for base in over),
        noisy=summarise([r.seconds for r in row.repetitions]).spread > NOISY_SPREAD,
    )


def _median(row: RowResult | None) -> float | None:
    return summarise([r.seconds for r in row.repetitions]).median if row and row.repetitions else None
