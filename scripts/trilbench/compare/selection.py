"""Which benchmarks a comparison times if nobody says: few enough to say something about each, from every operation and
every level of the memory."""

from collections.abc import Iterable, Mapping, Sequence

from trilbench.report.curves import home
from trilbench.results.listing import ListedRow
from trilbench.results.names import MACHINE

MOST_ROWS = 24
LONGEST_CALL = 0.02  # seconds


def choose(rows: Iterable[ListedRow], caches: Mapping[str, int], most: int = MOST_ROWS) -> tuple[ListedRow, ...]:
    """At most `most` of the rows that run, those on the fewest threads, of all operations in turn. One shape for each
    operation and level of the memory, the smallest and the largest level first; of the implementations first the
    kernels with the widest instruction set, the fastest first, then the plain loops, then the other sets."""
    rows = [row for row in rows if not row.skipped and row.name.operation != MACHINE]
    threads = min((row.name.threads for row in rows), default=1)
    groups: dict[tuple[str, str], str] = {}
    queues: dict[tuple[str, str], list[ListedRow]] = {}
    for row in rows:
        if row.seconds > LONGEST_CALL or row.name.threads != threads:
            continue
        place = row.name.operation, home(int(row.bytes), caches)
        if groups.setdefault(place, row.name.shape) == row.name.shape:
            queues.setdefault(place, []).append(row)
    ordered = {place: _by_worth(queue) for place, queue in queues.items()}
    places = _ends_first(ordered)
    longest = max(map(len, ordered.values()), default=0)
    turns = (ordered[place][turn] for turn in range(longest) for place in places if turn < len(ordered[place]))
    return tuple(row for row, _ in zip(turns, range(most), strict=False))


def _ends_first(places: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The smallest level of each operation, as they are listed, then the largest of each, then the ones between."""
    levels: dict[str, list[str]] = {}
    for operation, level in places:
        levels.setdefault(operation, []).append(level)
    ranked = {operation: [*dict.fromkeys([of[0], of[-1], *of])] for operation, of in levels.items()}
    most = max(map(len, ranked.values()), default=0)
    return [(operation, of[i]) for i in range(most) for operation, of in ranked.items() if i < len(of)]


def _by_worth(rows: Sequence[ListedRow]) -> list[ListedRow]:
    """The rows of one shape, the most telling first: as the listing predicts their time, and as it names narrow
    instruction sets before wide ones."""
    of_implementation: dict[tuple[str, bool], list[ListedRow]] = {}
    for row in rows:
        plain = row.name.isa == "scalar" or row.name.isa.startswith("auto-")
        of_implementation.setdefault((row.name.implementation, plain), []).insert(0, row)
    places = [(turn, plain, row) for (_, plain), wide in of_implementation.items() for turn, row in enumerate(wide)]
    return [row for _, _, row in sorted(places, key=lambda place: (*place[:2], place[2].seconds))]
