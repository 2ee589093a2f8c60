"""Which benchmarks a comparison times if nobody says: few enough to say something about each, from every operation and
every level of the memory."""

from collections.abc import Iterable, Mapping, Sequence

from trilbench.compute.curves import home
from trilbench.compute.plan import MACHINE
from trilbench.model.listing import ListedRow

MOST_ROWS = 24
LONGEST_CALL = 0.02  # seconds


def choose(rows: Iterable[ListedRow], caches: Mapping[str, int], most: int = MOST_ROWS) -> tuple[ListedRow, ...]:
    """At most `most` of the rows that run, those on the fewest threads. One shape for each operation and level of the
    memory; of the ways first the kernels with the widest instruction set, then the plain loops, then the other
    instruction sets."""
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
    ordered = [_by_worth(queue) for queue in queues.values()]
    turns = (queue[turn] for turn in range(max(map(len, ordered), default=0)) for queue in ordered if turn < len(queue))
    return tuple(row for row, _ in zip(turns, range(most), strict=False))


def evenly(names: Sequence[str], most: int = MOST_ROWS) -> list[str]:
    """At most `most` of the names, of which nothing more is known: from the first to the last at equal steps."""
    if len(names) <= most:
        return [*names]
    return [names[i * (len(names) - 1) // (most - 1)] for i in range(most)]


def _by_worth(rows: Sequence[ListedRow]) -> list[ListedRow]:
    """The rows of one shape, the most telling first. The listing names narrow instruction sets before wide ones."""
    of_way: dict[tuple[str, bool], list[ListedRow]] = {}
    for row in rows:
        plain = row.name.isa == "scalar" or row.name.isa.startswith("auto-")
        of_way.setdefault((row.name.implementation, plain), []).insert(0, row)
    places = [(turn, plain, row) for (_, plain), wide in of_way.items() for turn, row in enumerate(wide)]
    return [row for _, _, row in sorted(places, key=lambda place: place[:2])]
