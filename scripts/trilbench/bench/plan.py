"""Which cells a run has: what the programs list, and what the time allows; and from a time budget to Google Benchmark's
--benchmark_min_time."""

import math
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from trilbench.results.listing import LEAST_START, Cell, ListedRow, make_cells
from trilbench.results.names import MACHINE
from trilbench.results.run import NamedReason
from trilbench.results.statistics import grouped
from trilbench.results.units import duration
from trilbench.setup.binary import Program, list_rows
from trilbench.stop import Stop

LEAST_MAX_CALL = 0.01  # seconds
MACHINE_SHARE = 0.15  # of a budget, at most
ALWAYS = 2  # shapes of each operation that every run measures; the others where there is time
LEAST_MIN_TIME = 0.01  # seconds a repetition lasts at least
MOST_MIN_TIME = 0.1
FULL_MIN_TIME = 0.02  # of a run without a budget, which has more repetitions
_PRIOR = 0.25  # of an operation's guess counts as having come true from the start
_LEAST_SAMPLE = 0.009  # seconds: the limits beside a repetition, up to three at 3 ms
_SECONDS_PER_BYTE = 0.25e-9  # of the traffic probes' calls in one sample, where a call is longer than that


@dataclass(frozen=True)
class Mode:
    """How much a run measures; times in seconds."""

    repetitions: int
    max_call: float  # a row whose call takes longer is skipped
    budget: float = math.inf  # what all cells share
    deadline: float = math.inf  # after which no further shape is begun, and what runs is cut off


# Quick: of two minutes, nearly twenty seconds remain for the figures of seven operations, and some for a cell that
# takes longer than planned.
MODES = {
    "quick": Mode(repetitions=3, max_call=0.2, budget=94, deadline=100),
    "full": Mode(repetitions=9, max_call=2),
}


class CostModel:
    """How long cells take: what Google Benchmark repeats, and what surrounds that: inputs, verification, samples of the
    limits. Of the latter it learns from the cells of an operation that are done; of these `cells` a part of what is
    guessed counts as having come true from the start, so that one odd cell does not starve the rest."""

    def __init__(self, repetitions: int, cells: Iterable[Cell] = (), hurried: bool = True) -> None:
        self.repetitions = repetitions
        self._hurried = hurried  # whether there is a budget
        self._guessed: Counter[str] = Counter()  # seconds around the repetitions, by operation
        for cell in cells:
            self._guessed[cell.operation] += _PRIOR * self.untimed_guess(cell)
        self._measured = Counter(self._guessed)

    def seconds(self, cell: Cell, min_time: float) -> float:
        """The whole cell's."""
        guessed = self._guessed[cell.operation]
        scale = self._measured[cell.operation] / guessed if guessed else 1.0
        return self.timed(cell, min_time) + scale * self.untimed_guess(cell, min_time)

    def least(self, cells: Iterable[Cell]) -> float:
        """All cells', as fast as they can be measured."""
        return self.total(cells, LEAST_MIN_TIME)

    def total(self, cells: Iterable[Cell], min_time: float) -> float:
        return sum(self.seconds(cell, min_time) for cell in cells)

    def min_time(self, cell: Cell, min_time: float) -> float:
        """Of the cell. The machine's limits are sampled beside every row anyway: where time is short their own rows get
        the least."""
        return LEAST_MIN_TIME if self._hurried and cell.operation == MACHINE else min_time

    def timed(self, cell: Cell, min_time: float) -> float:
        """Google Benchmark's repetitions: it aims at 1.4 times the least time, or at one call. The search for the
        number of iterations takes about half a repetition more."""
        each = 1.4 * (self.repetitions + 0.5) * self.min_time(cell, min_time)
        return sum(max(each, self.repetitions * row.seconds) for row in cell.rows)

    def untimed_guess(self, cell: Cell, min_time: float = FULL_MIN_TIME) -> float:
        """Seconds that a cell spends outside the timed repetitions, roughly. Once: numbers are drawn and the limits'
        kernels tried (8 ns a byte), references made (1.6 ns a flop, 0.4 s at most). For each row its verification: a
        tenth of a second and a trial that is begun then, of small ones less, but three calls and half a nanosecond a
        byte at least, 45 where each of several fills draws all keys and values. Round each repetition: a sample of
        the limits, inputs that are turned (0.15 ns a byte), and a call on these; only round the first where a
        repetition is a single call."""
        size = max((row.bytes for row in cell.rows), default=0.0)
        reference = 1.6e-9 * min((row.flops for row in cell.rows), default=0.0)
        once = 0.05 + 8e-9 * size + min(reference, 0.4)
        repetition = max(_LEAST_SAMPLE, _SECONDS_PER_BYTE * size) + 0.15e-9 * size

        fills = 45e-9 if "attention" in cell.operation else 0.5e-9

        def verification(row: ListedRow) -> float:
            trials = min(0.1, 1e-7 * row.bytes) + min(0.15, reference / 2)
            return max(trials, 3 * row.seconds + fills * row.bytes)

        def again(row: ListedRow) -> float:
            return row.seconds * (self.repetitions if row.seconds < self.min_time(cell, min_time) else 1)

        rows = sum(verification(row) + again(row) + self.repetitions * repetition for row in cell.rows)
        return cell.start + once + rows

    def learn(self, cell: Cell, min_time: float, seconds: float) -> None:
        """A cell of so long repetitions took so many seconds."""
        self._guessed[cell.operation] += self.untimed_guess(cell, min_time)
        self._measured[cell.operation] += max(seconds - self.timed(cell, min_time), 0.0)


def turns(cells: Iterable[Cell]) -> dict[tuple[str, str], int]:
    """When each operation's shape has its turn: 0 for the machine's limits and for the first two shapes, as they are
    listed, which every run measures; 1, 2, ... for the further ones, which are measured where there is time."""
    places = dict.fromkeys((cell.operation, cell.shape) for cell in cells)
    shapes = grouped(places, lambda place: place[0])
    return {
        place: 0 if operation == MACHINE else max(0, i - ALWAYS + 1)
        for operation, listed in shapes.items()
        for i, place in enumerate(listed)
    }


def in_turn(cells: Sequence[Cell], model: CostModel) -> list[int]:
    """The indices of the cells in the order to measure them: the machine's limits first; then what is always measured,
    the longest first, since what they take beyond the plan the short ones can still make up for; then the further
    shapes of all operations in turn, the shortest first; a library's cell right after our own."""
    turn = turns(cells)
    cost = {place: model.least(group) for place, group in grouped(cells, lambda cell: cell.place).items()}

    def when(i: int) -> tuple[bool, int, float, tuple[str, str, int], str]:
        cell = cells[i]
        its = turn[cell.operation, cell.shape]
        return cell.operation != MACHINE, its, cost[cell.place] * (1 if its else -1), cell.place, cell.peer

    return sorted(range(len(cells)), key=when)


def without_time(cells: Sequence[Cell], budget: float, model: CostModel) -> dict[Cell, str]:
    """The cells for which the budget (seconds) has no time, and why. The machine's limits have a share of it, the
    shortest cells first. The first two shapes of each operation have time always; the others get it in turn, each
    operation's third before anyone's fourth, the shortest first; after one that gets none an operation has no further
    one."""
    out = {}
    left = MACHINE_SHARE * budget
    for cell in sorted(cells, key=lambda cell: model.least([cell])):
        if cell.operation == MACHINE:
            left -= model.least([cell])
            if left < 0:
                seconds = duration(model.untimed_guess(cell, LEAST_MIN_TIME))
                out[cell] = f"all variants together would take {seconds}, too long for --quick"
    turn = turns(cells)
    shapes = grouped((cell for cell in cells if cell not in out), lambda cell: (cell.operation, cell.shape))
    cost = {place: model.least(group) for place, group in shapes.items()}
    left = budget - sum(seconds for place, seconds in cost.items() if not turn[place])
    ended = set()
    for place in sorted(filter(turn.get, turn), key=lambda place: (turn[place], cost[place])):
        if place[0] in ended or cost[place] > left:
            ended.add(place[0])
            why = "--quick has not the time for this shape: it measures two of each operation, and more as time allows"
            out |= dict.fromkeys(shapes[place], why)
        else:
            left -= cost[place]
    return out


def min_time_within(budget: float, cells: Sequence[Cell], model: CostModel) -> float:
    """Seconds per repetition, the longest with which all cells together stay within the budget (seconds); the least if
    not even that does."""
    low, high = LEAST_MIN_TIME, MOST_MIN_TIME
    if model.total(cells, high) <= budget:
        return high
    for _ in range(30):  # the total grows with the time per repetition
        middle = (low + high) / 2
        low, high = (middle, high) if model.total(cells, middle) <= budget else (low, middle)
    return low


@dataclass(frozen=True)
class Plan:
    """What a run will measure, and what it leaves out and why."""

    programs: tuple[Program, ...]  # that measure something
    cells: tuple[Cell, ...]
    max_call: float = 0.0  # seconds
    skipped: tuple[NamedReason, ...] = ()  # rows
    silent: tuple[NamedReason, ...] = ()  # programs of libraries that fail to list their rows
    seconds: float = 0.0  # that it will take, without a budget


@dataclass(frozen=True)
class Listed:
    """What a program would run."""

    program: Program
    rows: tuple[ListedRow, ...]
    seconds: float  # that it took to say so: it starts, and loads what it needs

    @property
    def cells(self) -> tuple[Cell, ...]:
        # Ours start at once, and are listed slowly: each row of every shape is called.
        start = max(LEAST_START, self.seconds) if self.program.peer else LEAST_START
        return make_cells(self.rows, self.program.peer, start)

    def within(self, max_call: float) -> "Listed":
        """As the program would list its rows with a shorter longest call."""

        def why(row: ListedRow) -> str:
            too_long = f"a call would take {duration(row.seconds)}, more than --max-call={duration(max_call)}"
            return row.skipped or (too_long if row.seconds > max_call else "")

        return replace(self, rows=tuple(replace(row, skipped=why(row)) for row in self.rows))


def plan_run(
    programs: Sequence[Program], name: str, flags: Sequence[str], select: str, longest: float | None = None
) -> Plan:
    """The plan of the mode of that name, within its budget, of which the listing takes its part; `longest` is the
    user's longest call, in seconds, in place of the mode's. What does not fit is left out: first the largest sizes of
    the machine's limits, then shapes, then, by a shorter longest call, the slowest variants. Raises Stop if a program
    of ours refuses the flags."""
    mode = MODES[name]
    model, max_call = CostModel(mode.repetitions, hurried=math.isfinite(mode.budget)), longest or mode.max_call
    listed, silent = list_all(programs, name, flags, select, max_call)
    budget = mode.budget - sum(each.seconds for each in listed)
    while True:
        cells = [cell for each in listed for cell in each.cells]
        out = without_time(cells, budget, model)
        cells = [cell for cell in cells if cell not in out]
        if model.least(cells) <= budget or max_call / 2 < LEAST_MAX_CALL:
            break
        max_call /= 2
        listed = [each.within(max_call) for each in listed]
    skipped = [(row, row.skipped) for each in listed for row in each.rows if row.skipped]
    skipped += [(row, why) for cell, why in out.items() for row in cell.rows]
    return Plan(
        programs=tuple(each.program for each in listed),
        cells=tuple(cells),
        max_call=max_call,
        skipped=tuple(NamedReason(row.name.text, why) for row, why in skipped),
        silent=tuple(silent),
        seconds=model.total(cells, FULL_MIN_TIME),
    )


def list_all(
    programs: Sequence[Program], mode: str, flags: Sequence[str], select: str, max_call: float
) -> tuple[list[Listed], list[NamedReason]]:
    """What each program would run of the rows whose names match, without those that have none; and the libraries'
    programs that fail to say so. The user's flags come after the mode's shapes and so win."""
    ours = [f"--shapes={mode}", *(flag for flag in flags if not flag.startswith("--benchmark_"))]
    listed, silent = [], []
    for program in programs:
        began = time.monotonic()
        try:
            rows = list_rows(program, ours, max_call)
        except Stop as stop:
            if not program.peer:
                raise
            silent.append(NamedReason(program.path.name, str(stop)))
        else:
            seconds = time.monotonic() - began
            if chosen := tuple(row for row in rows if re.search(select, row.name.text)):
                listed.append(Listed(program, chosen, seconds))
    return listed, silent
