"""From runs to series: one benchmark's times under the same conditions, in the order in which they were measured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trilbench.history.keep import OPENMP
from trilbench.history.store import KeptRow, KeptRun
from trilbench.results.names import MACHINE, PEER, BenchmarkName, parse_name

Conditions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Point:
    """One run's."""

    place: int  # of the run in the history
    row: KeptRow
    counts: bool  # False: the run was disturbed


@dataclass(frozen=True)
class Series:
    """One benchmark under the same conditions."""

    name: BenchmarkName
    apart: str  # in what its conditions differ from those of the benchmark's other series; empty: it has no other
    points: tuple[Point, ...]

    @property
    def title(self) -> str:
        """The name without what every name of the suite has: causal_mean/prefix_mean/avx2/B:8/T:256/C:64."""
        plain = self.name.text.replace("/f32/", "/").removesuffix("/omp:1")
        return f"{plain} ({self.apart})" if self.apart else plain

    @property
    def counted(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.counts)

    @property
    def ours(self) -> bool:
        """Whether it times a variant of this suite, not a library or the machine."""
        return self.name.operation != MACHINE and self.name.isa != PEER


def series_of(runs: Sequence[KeptRun], disturbed_too: bool = False) -> tuple[Series, ...]:
    """Every series, by name. A benchmark whose conditions changed makes one for each: their times say nothing of each
    other."""
    found: dict[tuple[str, Conditions], list[Point]] = {}
    for place, run in enumerate(runs):
        for text, row in run.rows.items():
            key = text, _conditions(run, parse_name(text))
            found.setdefault(key, []).append(Point(place, row, disturbed_too or not run.disturbed))
    conditions: dict[str, list[Conditions]] = {}
    for text, of_series in found:
        conditions.setdefault(text, []).append(of_series)
    made = [
        Series(parse_name(text), _apart(of_series, conditions[text]), tuple(points))
        for (text, of_series), points in found.items()
    ]
    return tuple(sorted(made, key=lambda series: (series.name.text, series.points[0].place)))


def _conditions(run: KeptRun, name: BenchmarkName) -> Conditions:
    """What must be the same. How OpenMP is set up matters to rows on several threads alone."""
    of_run = {key: value for key, value in run.conditions.items() if name.threads > 1 or not key.startswith(OPENMP)}
    return tuple(sorted({**of_run, "flags": run.flags.get(name.isa, "")}.items()))


def _apart(own: Conditions, every: Sequence[Conditions]) -> str:
    values = Counter(pair for conditions in every for pair in conditions)
    different = [(key, value) for key, value in own if values[key, value] < len(every)]
    return "; ".join(f"{key.removeprefix('trilbench_')}: {value or 'none'}" for key, value in different)
