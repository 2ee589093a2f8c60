"""How much faster more threads make a variant."""

from collections.abc import Sequence
from dataclasses import dataclass

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.table import Table
from trilbench.results.statistics import Summary


@dataclass(frozen=True)
class Scaling:
    """A variant at a shape."""

    one: Point  # with one thread
    speedups: dict[int, Summary]  # threads: time with one over time with so many; 1 at one thread

    def efficiency(self, threads: int) -> float:
        """The share of the ideal."""
        return self.speedups[threads].median / threads


def scalings(tables: Sequence[Table]) -> tuple[Scaling, ...]:
    """Of all variants and shapes of one operation that were measured with one thread and with more."""
    of_threads = {table.threads: {(p.variant, p.shape): p for p in curves.points(table)} for table in tables}
    found = []
    for place, one in of_threads.get(1, {}).items():
        more = {threads: points[place] for threads, points in of_threads.items() if threads > 1 and place in points}
        if more:
            speedups = {threads: _over(one, point) for threads, point in sorted(more.items())}
            found.append(Scaling(one, {1: Summary(1.0, 1.0, 1.0, 1.0), **speedups}))
    return tuple(found)


def _over(one: Point, many: Point) -> Summary:
    """With the spread of the time with many."""
    base, times = one.entry.seconds, many.entry.times
    return Summary(base / times.minimum, base / times.p90, base / times.median, base / times.p10)
