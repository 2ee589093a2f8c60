"""The figures' data: points with units, made from the tables. Nothing here draws."""

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from trilbench.machine import facts
from trilbench.report.answer import Win, wins
from trilbench.report.table import Entry, Table, ranked
from trilbench.results.names import PEER, Size, lengths
from trilbench.results.statistics import Summary


@dataclass(frozen=True)
class Point:
    """One variant at one shape, with a time."""

    implementation: str
    isa: str
    shape: str
    axes: tuple[tuple[str, Size], ...]  # (("B", 8), ("T", 1024), ("C", 64))
    entry: Entry

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The length of each axis that has one: a tensor has not."""
        return {axis: lengths(size)[0] for axis, size in self.axes if not isinstance(size, tuple)}

    @property
    def variant(self) -> str:
        return f"{self.implementation}/{self.isa}"

    @property
    def elements(self) -> int:
        return elements(dict(self.axes))

    @property
    def others(self) -> tuple[tuple[str, Size], ...]:
        """The axes but T."""
        return tuple(axis for axis in self.axes if axis[0] != "T")

    def nanoseconds_per_element(self, seconds: float) -> float:
        return seconds * 1e9 / self.elements


def elements(sizes: Mapping[str, Size]) -> int:
    """The product of the axes' lengths, as the result of most operations has; of an axis T alone the triangle of a T by
    T matrix, diagonal included; of two tensors those of their product, batch dimensions broadcast."""
    if list(sizes) == ["T"]:
        return math.comb(lengths(sizes["T"])[0] + 1, 2)
    shapes = [*map(lengths, sizes.values())]
    if len(shapes) != 2 or max(map(len, shapes)) == 1:
        return math.prod(itertools.chain(*shapes))
    x, y = shapes
    batch = itertools.zip_longest(reversed(x[:-2]), reversed(y[:-2]), fillvalue=1)
    return math.prod(map(max, batch)) * math.prod(x[-2:-1]) * math.prod(y[1:][-1:])


def points(table: Table) -> tuple[Point, ...]:
    """Every variant at every shape that has a time; libraries last."""
    return tuple(
        Point(
            implementation=line.implementation,
            isa=line.variant.partition("/")[2],
            shape=shape,
            axes=tuple(sizes.items()),
            entry=entry,
        )
        for line in (*table.lines, *table.peers)
        for shape, sizes, entry in zip(table.shapes, table.sizes, line.entries, strict=True)
        if entry
    )


def by_shape(found: Iterable[Point]) -> dict[str, list[Point]]:
    """The points of each shape; shapes from small to large."""
    groups: dict[str, list[Point]] = {}
    for point in found:
        groups.setdefault(point.shape, []).append(point)
    return dict(sorted(groups.items(), key=lambda group: (group[1][0].elements, group[0])))


def best_sets(found: Iterable[Point]) -> tuple[Point, ...]:
    """Of each implementation at each shape the fastest instruction set, by what the answer goes by."""
    found = tuple(found)
    best: dict[tuple[str, str], Point] = {}
    for group in by_shape(found).values():
        for peers in (False, True):
            for point, _ in ranked((each, each.entry) for each in group if (each.isa == PEER) is peers):
                best.setdefault((point.implementation, point.shape), point)
    return tuple(point for point in found if best[point.implementation, point.shape] is point)


def winners(table: Table) -> tuple[tuple[Point, Win], ...]:
    """The winner at each shape, libraries included; shapes from small to large."""
    at = {(point.variant, point.shape): point for point in points(table)}
    won = [(at[win.variant, win.shape], win) for win in wins(table, libraries=True)]
    return tuple(sorted(won, key=lambda each: (each[0].elements, each[0].shape)))


def seconds_of(found: Iterable[Point], variant: str) -> dict[str, float]:
    """The variant's median time at each shape."""
    return {point.shape: point.entry.seconds for point in found if point.variant == variant}


def scalings(tables: Iterable[Table], whole: Iterable[Table]) -> list[tuple[Point, dict[int, Summary]]]:
    """Of all variants and shapes of one operation that were measured with one thread and, in the `tables`, with more:
    the point with one, from the `whole` ones, and how many times as fast so many threads are."""

    def found_in(some: Iterable[Table]) -> dict[int, dict[tuple[str, str], Point]]:
        return {table.threads: {(p.variant, p.shape): p for p in points(table)} for table in some}

    ones = found_in(whole).get(1, {})
    of_threads = found_in(tables) | {1: ones}
    found = []
    for place, one in ones.items():
        many = {threads: at[place].entry.times for threads, at in sorted(of_threads.items()) if place in at}
        base = one.entry.seconds
        if len(many) > 1:
            speedups = {threads: inverse(times, base) for threads, times in many.items() if threads > 1}
            found.append((one, {1: Summary(1.0, 1.0, 1.0, 1.0), **speedups}))
    return found


def inverse(times: Summary, base: float) -> Summary:
    """How many times as fast as `base` seconds."""
    return Summary(base / times.minimum, base / times.p90, base / times.median, base / times.p10)


def cache_bytes(caches: Mapping[str, str], threads: int) -> dict[str, int]:
    """How much the threads' data caches hold, from the manifest's `caches`: {"L2": "2048K, shared by CPUs 0"}.

    L1d and L2 are taken as each thread's own, L3 as shared. A hypervisor tells the host's whole L3, of which a guest
    has some unknown part, so one beyond any that a few cores share is left out."""
    most_plausible_shared = 256 << 20
    total = {level: size * (1 if level == "L3" else threads) for level, size in facts.cache_bytes(caches).items()}
    return {level: size for level, size in total.items() if size and (level != "L3" or size <= most_plausible_shared)}


def working_set(point: Point) -> int:
    """Bytes that the operation must read and write, as the row's counters tell; else of x and y, both of the shape."""
    return point.entry.bytes or copied(point)


def copied(point: Point) -> int:
    """Bytes of x and y, float32, both of the shape."""
    return 8 * point.elements


def length_of(size: int, sizes: Mapping[int, int]) -> float | None:
    """The T at which a working set has that size, between lengths where it is known; None outside of them."""
    for (short, small), (long, large) in itertools.pairwise(sorted(sizes.items())):
        if small <= size <= large and small < large:
            return short * (long / short) ** (math.log(size / small) / math.log(large / small))
    return None


def home(size: int, caches: Mapping[str, int]) -> str:
    """The smallest cache that holds `size` bytes; empty if the caches are unknown."""
    if not caches:
        return ""
    largest = max(caches, key=lambda level: caches[level])
    return next(
        (level for level in sorted(caches, key=lambda level: caches[level]) if size <= caches[level]), f"> {largest}"
    )
