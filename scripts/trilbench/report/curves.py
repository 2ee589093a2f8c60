"""What figures are about: the best instruction set of each implementation, winners, speed-ups, caches. Nothing here
draws."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

from trilbench.machine import facts
from trilbench.report.answer import Win, wins
from trilbench.report.table import Entry, Table, ranked
from trilbench.results.names import PEER
from trilbench.results.statistics import Summary, grouped


def by_size(entry: Entry) -> tuple[int, str]:
    """Sorts shapes from small to large."""
    return entry.name.elements, entry.name.shape


def shapes(found: Iterable[Entry]) -> list[str]:
    """From small to large."""
    return list(dict.fromkeys(entry.name.shape for entry in sorted(found, key=by_size)))


def best_sets(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Of each implementation at each shape the fastest instruction set, by what the answer goes by."""
    found = tuple(found)
    best: dict[tuple[str, str], Entry] = {}
    for group in grouped(found, lambda entry: (entry.name.shape, entry.name.isa == PEER)).values():
        for entry in ranked(group):
            best.setdefault((entry.name.implementation, entry.name.shape), entry)
    return tuple(entry for entry in found if best[entry.name.implementation, entry.name.shape] is entry)


def winners(table: Table) -> list[Win]:
    """The winner at each shape, libraries included; shapes from small to large."""
    return sorted(wins(table, libraries=True), key=lambda win: by_size(win.entry))


def scalings(tables: Sequence[Table], whole: Sequence[Table]) -> list[tuple[Entry, dict[int, Summary]]]:
    """Of all variants and shapes of one operation that were measured with one thread and, in the `tables`, with more:
    the entry with one, from the `whole` ones, and how many times as fast so many threads are."""
    ones = [entry for table in whole if table.threads == 1 for entry in table.entries]
    more = [entry for table in tables if table.threads > 1 for entry in table.entries]
    many = grouped(sorted(more, key=lambda entry: entry.name.threads), _place)
    itself = {1: Summary(1.0, 1.0, 1.0, 1.0)}
    return [
        (one, itself | {each.name.threads: inverse(each.times, one.seconds) for each in many[_place(one)]})
        for one in ones
        if _place(one) in many
    ]


def _place(entry: Entry) -> tuple[str, str]:
    return entry.name.variant, entry.name.shape


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


def length_of(size: int, sizes: Mapping[int, int]) -> float | None:
    """The T at which a working set has that size, between lengths where it is known; None outside of them."""
    for (short, small), (long, large) in itertools.pairwise(sorted(sizes.items())):
        if small <= size <= large and small < large:
            return short * (long / short) ** (math.log(size / small) / math.log(large / small))
    return None


def home(size: int, caches: Mapping[str, int]) -> str:
    """The smallest cache that holds `size` bytes, "> L3" where none does; empty if the caches are unknown."""
    levels = sorted(caches, key=lambda level: caches[level])
    beyond = f"> {levels[-1]}" if levels else ""
    return next((level for level in levels if size <= caches[level]), beyond)
