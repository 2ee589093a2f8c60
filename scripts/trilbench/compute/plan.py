"""From listed rows to cells, and from a time budget to Google Benchmark's --benchmark_min_time.

A cell is one operation, shape and thread count: one process in which all ways take turns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trilbench.model.listing import ListedRow

LEAST_MIN_TIME = 0.01  # seconds a repetition lasts at least
MOST_MIN_TIME = 0.5
_START = 0.05  # seconds: a process, its libraries, its team of threads


@dataclass(frozen=True)
class Cell:
    """What one process measures; `rows` run, none is skipped."""

    operation: str
    shape: str
    threads: int
    rows: tuple[ListedRow, ...]


@dataclass(frozen=True)
class CostModel:
    """How long a cell takes. `untimed` scales what surrounds the timed calls: inputs and verification; it is
    learned from the cells that are done."""

    repetitions: int
    untimed: float = 1.0

    def seconds(self, cell: Cell, min_time: float) -> float:
        """The whole cell's."""
        return self.timed(cell, min_time) + self.untimed * untimed_guess(cell)

    def timed(self, cell: Cell, min_time: float) -> float:
        """Google Benchmark's repetitions: it aims at 1.4 times the least time, or at one call. The search for the
        number of iterations takes about half a repetition more."""
        return sum(max(1.4 * (self.repetitions + 0.5) * min_time, self.repetitions * row.seconds) for row in cell.rows)

    def learned(self, guessed: float, measured: float, prior: float) -> "CostModel":
        """The model after cells whose untimed part was guessed and then measured; `prior` seconds of guesses count as
        having come true, so that one odd cell does not starve the rest."""
        return CostModel(self.repetitions, untimed=(measured + prior) / (guessed + prior))


def untimed_guess(cell: Cell) -> float:
    """Seconds that a cell spends outside the timed repetitions, roughly: each row's verification (a tenth of a second,
    seven calls at least) and filling, references and comparisons round each repetition (40 ns a byte)."""
    return _START + sum(0.1 + 7 * row.seconds + 40e-9 * row.bytes for row in cell.rows)


def make_cells(rows: Iterable[ListedRow]) -> tuple[Cell, ...]:
    """The rows that run, grouped, in the order of the listing."""
    groups: dict[tuple[str, str, int], list[ListedRow]] = {}
    for row in rows:
        if not row.skipped:
            groups.setdefault((row.name.operation, row.name.shape, row.name.threads), []).append(row)
    return tuple(Cell(*key, rows=tuple(group)) for key, group in groups.items())


def min_time_within(budget: float, cells: Sequence[Cell], model: CostModel) -> float | None:
    """The longest time per repetition for which all cells together stay within the budget (seconds); None if not even
    the shortest does."""

    def total(min_time: float) -> float:
        return sum(model.seconds(cell, min_time) for cell in cells)

    low, high = LEAST_MIN_TIME, MOST_MIN_TIME
    if total(low) > budget:
        return None
    if total(high) <= budget:
        return high
    for _ in range(30):  # total grows with min_time
        middle = (low + high) / 2
        low, high = (middle, high) if total(middle) <= budget else (low, middle)
    return low
