"""The tables' data: for each operation and thread count, rows are variants, columns are shapes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from trilbench.machine.noise import MOST_OF_LIMIT, NOISY_SPREAD, is_shared
from trilbench.paths import instruction_sets
from trilbench.results.names import Size
from trilbench.results.rows import RowResult
from trilbench.results.statistics import Summary, counter, summarise, times

PEER = "peer"  # the instruction set of a library's row
_PLAIN = ("running_sum", "scalar_loop")  # the better first


@dataclass(frozen=True)
class Entry:
    """One variant on one shape. What was not measured is None."""

    times: Summary  # seconds
    speedups: tuple[float | None, ...]  # over each baseline; None where that has no time
    shared: bool  # had less than its cores; then no shares are told
    of_limit: Summary | None
    of_peak: Summary | None
    bytes: int | None  # compulsory ones of a call
    bytes_per_second: float | None  # median
    flops_per_second: float | None  # median, the method's own
    error: float | None  # the worst, over its bound

    @property
    def seconds(self) -> float:
        """The median time."""
        return self.times.median

    @property
    def noisy(self) -> bool:
        return self.times.spread > NOISY_SPREAD

    @property
    def above_limit(self) -> bool:
        """Faster than can be: the limit is wrong, or the machine was disturbed."""
        return self.of_limit is not None and self.of_limit.median > MOST_OF_LIMIT


@dataclass(frozen=True)
class Line:
    """One variant on all shapes."""

    variant: str
    entries: tuple[Entry | None, ...]  # one per shape; None: not measured or failed
    failed: tuple[bool, ...]

    @property
    def implementation(self) -> str:
        return self.variant.partition("/")[0]

    @property
    def worst_error(self) -> float | None:
        """Over its bound, over all shapes."""
        return max((entry.error for entry in self.entries if entry and entry.error is not None), default=None)

    @property
    def less_accurate(self) -> bool:
        """Beyond the bound, which only a library's row may be."""
        return self.worst_error is not None and self.worst_error > 1


@dataclass(frozen=True)
class Table:
    """One operation at one number of threads."""

    operation: str
    threads: int
    axes: str  # "BxTxC", or "X@Y"
    shapes: tuple[str, ...]
    sizes: tuple[Mapping[str, Size], ...]  # of each shape: {"B": 8, "T": 1024, "C": 64}
    baselines: tuple[str, ...]  # variants
    lines: tuple[Line, ...]  # our own variants
    peers: tuple[Line, ...]  # libraries

    @property
    def axis_names(self) -> tuple[str, ...]:
        return tuple(self.sizes[0])


def make_tables(rows: Iterable[RowResult]) -> tuple[Table, ...]:
    """Tables in the order in which operations and thread counts appear."""
    groups: dict[tuple[str, int], list[RowResult]] = {}
    for row in rows:
        groups.setdefault((row.name.operation, row.name.threads), []).append(row)
    return tuple(_table(operation, threads, group) for (operation, threads), group in groups.items())


def choose_baselines(variants: Iterable[str]) -> tuple[str, ...]:
    """What speed-ups are stated over, where present: the definition's loop kept scalar, and the best plain code, the
    running sum or else that loop, as the compiler vectorises it for the widest instruction set."""
    present = set(variants)
    vectorised = [f"{plain}/auto-{isa}" for plain in _PLAIN for isa in reversed(instruction_sets())]
    candidates = [["scalar_loop/scalar"], vectorised]
    return tuple(variant for names in candidates for variant in [name for name in names if name in present][:1])


def variant_order(variant: str) -> tuple[bool, bool, str, int]:
    """Sorts variants from plain to learned: the definition, other plain code, lanes; each from narrow to wide."""
    name, _, isa = variant.partition("/")
    width = isa.removeprefix("auto-")
    plain = isa == "scalar" or isa.startswith("auto-")
    known = instruction_sets()
    return not plain, name != "scalar_loop", name, known.index(width) if width in known else len(known)


def fastest(lines: Iterable[Line], place: int) -> tuple[Line, Entry] | None:
    """The best line at that shape; None if none has a time."""
    return next(iter(ranked(_timed(lines, place))), None)


def tied(lines: Iterable[Line], place: int) -> tuple[str, ...]:
    """The variants that the run cannot tell from the fastest one at that shape, the best first."""
    timed = ranked(_timed(lines, place))
    return tuple(line.variant for line, entry in timed[1:] if level(timed[0][1], entry))


def _timed(lines: Iterable[Line], place: int) -> list[tuple[Line, Entry]]:
    return [(line, entry) for line in lines if (entry := line.entries[place])]


def _table(operation: str, threads: int, rows: Sequence[RowResult]) -> Table:
    sizes = {row.name.shape: dict(row.name.axes) for row in rows}
    shapes = tuple(sizes)
    by_place = {(row.name.variant, row.name.shape): row for row in rows}
    variants = {row.name.variant: row.name.isa for row in rows}
    own = sorted((variant for variant, isa in variants.items() if isa != PEER), key=variant_order)
    baselines = choose_baselines(own)
    return Table(
        operation=operation,
        threads=threads,
        axes=rows[0].name.axis_names,
        shapes=shapes,
        sizes=tuple(sizes.values()),
        baselines=baselines,
        lines=tuple(_line(variant, shapes, baselines, by_place) for variant in own),
        peers=tuple(
            _line(variant, shapes, baselines, by_place) for variant, isa in sorted(variants.items()) if isa == PEER
        ),
    )


def _line(
    variant: str, shapes: Sequence[str], baselines: Sequence[str], by_place: Mapping[tuple[str, str], RowResult]
) -> Line:
    rows = [by_place.get((variant, shape)) for shape in shapes]
    return Line(
        variant=variant,
        entries=tuple(
            _entry(row, [by_place.get((base, shape)) for base in baselines])
            for row, shape in zip(rows, shapes, strict=True)
        ),
        failed=tuple(bool(row and row.error) for row in rows),
    )


def _entry(row: RowResult | None, baselines: Sequence[RowResult | None]) -> Entry | None:
    if row is None or not (seconds := times(row)):
        return None
    summary, shared = summarise(seconds), is_shared(row)
    over = (_median(times(base)) if base else None for base in baselines)
    return Entry(
        times=summary,
        speedups=tuple(base / summary.median if base is not None else None for base in over),
        shared=shared,
        of_limit=None if shared else _summary(counter(row, "of_limit")),
        of_peak=None if shared else _summary(counter(row, "of_peak")),
        bytes=_bytes(row),
        bytes_per_second=_median(counter(row, "bytes_per_second")),
        flops_per_second=_median(counter(row, "flops_per_second")),
        error=max(counter(row, "error_over_bound"), default=None),
    )


def _bytes(row: RowResult) -> int | None:
    """The counter is the bytes of a call over its seconds."""
    each = (one.seconds * one.counters.get("bytes_per_second", 0.0) for one in row.repetitions)
    known = [value for value in each if 0 < value < math.inf]
    return round(summarise(known).median) if known else None


def _summary(values: Sequence[float]) -> Summary | None:
    return summarise(values) if values else None


def _median(values: Sequence[float]) -> float | None:
    return summarise(values).median if values else None


# Who is ahead at a shape, and who is level: by the share of the machine's limit, which is measured beside every
# repetition and so repeats better than the time; by the time where shares are missing or beyond what can be.

if TYPE_CHECKING:
    pass

T = TypeVar("T")


def overlap(one: Summary, other: Summary) -> bool:
    """Whether the middle 80 % of both rows' repetitions overlap, so that the run cannot tell the two apart."""
    return one.p10 <= other.p90 and other.p10 <= one.p90


def level(one: "Entry", other: "Entry") -> bool:
    """Whether the run cannot tell two variants at one shape apart."""
    a, b = _share(one), _share(other)
    return overlap(a, b) if a and b else overlap(one.times, other.times)


def ranked(timed: Iterable[tuple[T, "Entry"]]) -> list[tuple[T, "Entry"]]:
    """What was measured at one shape, the best first."""
    timed = [*timed]
    shares = [share.median for _, entry in timed if (share := _share(entry))]
    by_time = [entry.seconds for _, entry in timed]
    order = [-share for share in shares] if len(shares) == len(timed) else by_time
    return [timed[i] for i in sorted(range(len(timed)), key=order.__getitem__)]


def _share(entry: "Entry") -> Summary | None:
    """One that can be believed."""
    return None if entry.above_limit else entry.of_limit
