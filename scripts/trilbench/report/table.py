"""The tables' data: for each operation and thread count, rows are variants, columns are shapes."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from trilbench.machine.noise import MOST_OF_LIMIT, NOISY_SPREAD, is_shared
from trilbench.paths import instruction_sets
from trilbench.results.names import PEER, BenchmarkName, Size
from trilbench.results.rows import RowResult
from trilbench.results.statistics import Summary, counter, median, summarise, times

T = TypeVar("T")
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

    @property
    def share(self) -> Summary | None:
        """Of the machine's limit, if it can be believed."""
        return None if self.above_limit else self.of_limit


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


def make_tables(rows: Iterable[RowResult], chosen: Collection[BenchmarkName] | None = None) -> tuple[Table, ...]:
    """Tables in the order in which operations and thread counts appear; of the chosen benchmarks, or of all. Speed-ups
    are over the same baselines whatever was chosen."""
    groups: dict[tuple[str, int], list[RowResult]] = {}
    for row in rows:
        groups.setdefault((row.name.operation, row.name.threads), []).append(row)
    found = []
    for (operation, threads), group in groups.items():
        if shown := [row for row in group if chosen is None or row.name in chosen]:
            found.append(_table(operation, threads, shown, group))
    return tuple(found)


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


def _table(operation: str, threads: int, rows: Sequence[RowResult], among: Sequence[RowResult]) -> Table:
    """Of these rows; the baselines' are found `among` more."""
    sizes = {row.name.shape: dict(row.name.axes) for row in rows}
    by_place = {(row.name.variant, row.name.shape): row for row in rows}
    peers = sorted({row.name.variant for row in rows if row.name.isa == PEER})
    own = sorted({row.name.variant for row in rows if row.name.isa != PEER}, key=variant_order)
    bases = {(row.name.variant, row.name.shape): row for row in among if row.name.shape in sizes}
    baselines = choose_baselines(variant for variant, _ in bases)

    def line(variant: str) -> Line:
        found = [by_place.get((variant, shape)) for shape in sizes]
        over = [[bases.get((base, shape)) for base in baselines] for shape in sizes]
        return Line(variant, tuple(map(_entry, found, over)), tuple(bool(row and row.error) for row in found))

    return Table(
        operation=operation,
        threads=threads,
        axes=rows[0].name.axis_names,
        shapes=tuple(sizes),
        sizes=tuple(sizes.values()),
        baselines=baselines,
        lines=tuple(map(line, own)),
        peers=tuple(map(line, peers)),
    )


def _entry(row: RowResult | None, baselines: Sequence[RowResult | None]) -> Entry | None:
    if row is None or not (seconds := times(row)):
        return None

    def found(key: str) -> Summary | None:
        values = counter(row, key)
        return summarise(values) if values else None

    summary, shared = summarise(seconds), is_shared(row)
    bases = (times(base) if base else [] for base in baselines)
    rate, flops = found("bytes_per_second"), found("flops_per_second")
    # The counter is the bytes of a call over its seconds.
    each = [one.seconds * one.counters.get("bytes_per_second", 0.0) for one in row.repetitions]
    known = [number for number in each if 0 < number < math.inf]
    return Entry(
        times=summary,
        speedups=tuple(median(base) / summary.median if base else None for base in bases),
        shared=shared,
        of_limit=None if shared else found("of_limit"),
        of_peak=None if shared else found("of_peak"),
        bytes=round(median(known)) if known else None,
        bytes_per_second=rate and rate.median,
        flops_per_second=flops and flops.median,
        error=max(counter(row, "error_over_bound"), default=None),
    )


# Who is ahead at a shape, and who is level: by the share of the machine's limit, which is measured beside every
# repetition and so repeats better than the time; by the time where shares are missing or beyond what can be.


def ranked(timed: Iterable[tuple[T, Entry]]) -> list[tuple[T, Entry]]:
    """What was measured at one shape, the best first."""
    timed = [*timed]
    shares = [entry.share.median for _, entry in timed if entry.share]
    order = [-share for share in shares] if len(shares) == len(timed) else [entry.seconds for _, entry in timed]
    return [timed[i] for i in sorted(range(len(timed)), key=order.__getitem__)]


def level(one: Entry, other: Entry) -> bool:
    """Whether the run cannot tell two variants at one shape apart: the middle 80 % of their repetitions overlap."""
    a, b = one.share, other.share
    if not a or not b:
        a, b = one.times, other.times
    return a.p10 <= b.p90 and b.p10 <= a.p90
