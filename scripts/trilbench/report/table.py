"""The tables' data: for each operation and thread count, rows are variants, columns are shapes."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from trilbench.machine.noise import MOST_OF_LIMIT, NOISY_SPREAD, is_shared
from trilbench.paths import instruction_sets
from trilbench.results.names import PEER, BenchmarkName
from trilbench.results.rows import RowResult
from trilbench.results.statistics import Summary, counter, grouped, median, summarise, times

_PLAIN = ("running_sum", "scalar_loop")  # the better first


@dataclass(frozen=True)
class Entry:
    """One variant on one shape. What was not measured is None."""

    name: BenchmarkName
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
    def working_set(self) -> int:
        """Bytes that the operation must read and write, as the row's counters tell; else those of x and y."""
        return self.bytes or self.arrays

    @property
    def arrays(self) -> int:
        """Bytes of x and y, float32, both of the shape."""
        return 8 * self.name.elements

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

    @property
    def less_accurate(self) -> bool:
        """Beyond the bound, which only a library's row may be."""
        return self.error is not None and self.error > 1


@dataclass(frozen=True)
class Line:
    """One variant on all shapes."""

    variant: str
    entries: Mapping[str, Entry]  # by shape: those that have a time
    failed: Set[str]  # shapes

    @property
    def worst_error(self) -> float | None:
        """Over its bound, over all shapes."""
        return max((entry.error for entry in self.entries.values() if entry.error is not None), default=None)


@dataclass(frozen=True)
class Table:
    """One operation at one number of threads."""

    operation: str
    threads: int
    axes: str  # "BxTxC", or "X@Y"
    has_t: bool  # whether an axis is T
    shapes: tuple[str, ...]
    baselines: tuple[str, ...]  # variants
    lines: tuple[Line, ...]  # our own variants
    peers: tuple[Line, ...]  # libraries

    @property
    def entries(self) -> list[Entry]:
        """Every variant at every shape that has a time; libraries last."""
        return [entry for line in (*self.lines, *self.peers) for entry in line.entries.values()]


def make_tables(rows: Iterable[RowResult], chosen: Collection[BenchmarkName] | None = None) -> tuple[Table, ...]:
    """Tables in the order in which operations and thread counts appear; of the chosen benchmarks, or of all. Speed-ups
    are over the same baselines whatever was chosen."""
    groups = grouped(rows, lambda row: (row.name.operation, row.name.threads))
    shown = {key: [row for row in group if chosen is None or row.name in chosen] for key, group in groups.items()}
    return tuple(_table(*key, some, groups[key]) for key, some in shown.items() if some)


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
    shapes = tuple(dict.fromkeys(row.name.shape for row in rows))
    variants = grouped(sorted(rows, key=lambda row: shapes.index(row.name.shape)), lambda row: row.name.variant)
    bases = {(row.name.variant, row.name.shape): times(row) for row in among if row.name.shape in shapes}
    baselines = choose_baselines(variant for variant, _ in bases)

    def line(variant: str) -> Line:
        timed = {row.name.shape: row for row in variants[variant] if times(row)}
        over = {shape: [bases.get((base, shape), []) for base in baselines] for shape in timed}
        entries = {shape: _entry(row, over[shape]) for shape, row in timed.items()}
        return Line(variant, entries, {row.name.shape for row in variants[variant] if row.error})

    return Table(
        operation=operation,
        threads=threads,
        axes=rows[0].name.axis_names,
        has_t="T" in rows[0].name.sizes,
        shapes=shapes,
        baselines=baselines,
        lines=tuple(line(each) for each in sorted(variants, key=variant_order) if not each.endswith(f"/{PEER}")),
        peers=tuple(line(each) for each in sorted(variants) if each.endswith(f"/{PEER}")),
    )


def _entry(row: RowResult, baselines: Sequence[Sequence[float]]) -> Entry:
    """Of a row that has a time; the baselines' times at its shape."""

    def found(key: str) -> Summary | None:
        values = counter(row, key)
        return summarise(values) if values else None

    summary, shared = summarise(times(row)), is_shared(row)
    rate, flops = found("bytes_per_second"), found("flops_per_second")
    # The counter is the bytes of a call over its seconds.
    each = [one.seconds * one.counters.get("bytes_per_second", 0.0) for one in row.repetitions]
    known = [number for number in each if 0 < number < math.inf]
    return Entry(
        name=row.name,
        times=summary,
        speedups=tuple(median(base) / summary.median if base else None for base in baselines),
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


def ranked(entries: Iterable[Entry]) -> list[Entry]:
    """What was measured at one shape, the best first."""
    entries = [*entries]
    shares = all(entry.share for entry in entries)
    return sorted(entries, key=lambda entry: -entry.share.median if shares and entry.share else entry.seconds)


def standings(lines: Iterable[Line], shape: str) -> list[Entry]:
    """What has a time at that shape, the best first."""
    return ranked(line.entries[shape] for line in lines if shape in line.entries)


def level(one: Entry, other: Entry) -> bool:
    """Whether the run cannot tell two variants at one shape apart: the middle 80 % of their repetitions overlap."""
    a, b = one.share, other.share
    if not a or not b:
        a, b = one.times, other.times
    return a.p10 <= b.p90 and b.p10 <= a.p90
