"""What both sides have, and what of it is to be timed."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trilbench.compare.runner import Counting, Runner, list_names, runner
from trilbench.compare.sides import Side
from trilbench.machine.facts import cache_bytes
from trilbench.report.curves import home
from trilbench.results.listing import ListedRow
from trilbench.results.names import MACHINE
from trilbench.results.statistics import evenly
from trilbench.setup.binary import Program, list_rows, that_take
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop

_CHOOSING = ("--shapes", "--threads", "--only", "--isa")  # flags that choose rows; --iterations names them itself
SHARED = "several benchmarks are called {name}: give each a name of its own"


@dataclass(frozen=True)
class Pair:
    """A program of both sides, and its benchmarks."""

    base: Runner
    head: Runner
    benchmarks: tuple[str, ...]  # to be timed
    missing: tuple[str, ...]  # of those chosen from base what head lacks
    added: tuple[str, ...]  # what only head has
    shared: tuple[str, ...] = ()  # of those chosen from base the names that several benchmarks have, on either side

    @property
    def counting(self) -> Counting:
        """How the number of calls is told; NOT unless both sides can be told the same."""
        return self.base.counting if self.base.counting is self.head.counting else Counting.NOT


LONGEST_CALL = 0.02  # seconds


def pair_up(
    base: Side, head: Side, select: str, flags: Sequence[str], scratch: Path, longest: float = LONGEST_CALL
) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """The programs of both sides with what to time of them, and the operations that head lost, which is an answer too.
    `select` is a regular expression over benchmarks' names; empty: a choice of the suite's own, of calls that take at
    most so many seconds. `flags` are for the programs. Raises Stop if nothing is left and none is lost."""
    both, lost = _programs(base, head)
    common = bool(both)  # whatever the flags then choose
    if choosing := [flag for flag in flags if flag.startswith(_CHOOSING)]:
        lost = [program for program in lost if _names_of_lost(program, "", ()) is not None]
        takers, refusals = that_take([*(first for first, _ in both), *lost], choosing)
        for operation, refusal in refusals.items():
            say(f"left out: {operation}: {refusal}")
        both, lost = [pair for pair in both if pair[0] in takers], [program for program in lost if program in takers]
    gone = tuple(program.operation for program in lost if _names_of_lost(program, select, flags))
    if not common and (head.programs or not gone):
        raise Stop(f"{base.label} and {head.label} have no program in common", Exit.NOT_COMPARABLE)
    state = [flag for flag in flags if not flag.startswith(_CHOOSING)]
    runners = [[runner(each, scratch, state if each.ours else flags) for each in pair] for pair in both]
    names = [[_names(each, select, flags) for each in pair] for pair in runners]
    of_bases = [(first.program, of_base) for (first, _), (of_base, _) in zip(runners, names, strict=True)]
    chosen = {name for _, of_base in of_bases for name in of_base} if select else _choice(of_bases, flags, longest)
    found = []
    for (first, second), (of_base, of_head) in zip(runners, names, strict=True):
        twice = {name for of in (of_base, of_head) for name, number in Counter(of).items() if number > 1}
        wanted = [name for name in dict.fromkeys(of_base) if name in chosen]
        found.append(
            Pair(
                first,
                second,
                benchmarks=tuple(name for name in wanted if name not in twice and name in of_head),
                missing=tuple(name for name in wanted if name not in twice and name not in of_head),
                added=tuple(name for name in of_head if name not in of_base),
                shared=tuple(name for name in wanted if name in twice),
            )
        )
    if not gone and not any(pair.benchmarks or pair.missing for pair in found):
        for name in (name for pair in found for name in pair.shared):
            raise Stop(f"nothing can be compared; {SHARED.format(name=name)}", Exit.NOT_COMPARABLE)
        what = f"whose name matches '{select}'" if select else "to compare"
        raise Stop(f"{base.label} has no benchmark {what}", Exit.NOTHING_MATCHED)
    return tuple(found), gone


def _programs(base: Side, head: Side) -> tuple[list[tuple[Program, Program]], list[Program]]:
    """Those of the same name, and those that only base has; single programs are compared whatever they are called."""
    if len(base.programs) == len(head.programs) == 1:
        if base.programs[0].ours is not head.programs[0].ours:
            raise Stop(f"only one of {base.label} and {head.label} is a program of this suite", Exit.NOT_COMPARABLE)
        return [(base.programs[0], head.programs[0])], []
    of_head = {program.path.name: program for program in head.programs}
    both = [(program, of_head[program.path.name]) for program in base.programs if program.path.name in of_head]
    return both, [program for program in base.programs if program.path.name not in of_head]


def _choice(of_bases: Sequence[tuple[Program, Sequence[str]]], flags: Sequence[str], longest: float) -> set[str]:
    """At most MOST_ROWS, of our own rows those that tell most."""
    every = [name for program, names in of_bases if not program.ours for name in dict.fromkeys(names)]
    foreign = evenly(every, MOST_ROWS)
    if len(foreign) < len(every):
        say(f"{len(foreign)} of {len(every)} benchmarks, evenly chosen: --select REGEX chooses others")
    ours = [program for program, _ in of_bases if program.ours]
    rows = [row for program in ours for row in list_rows(program, ("--shapes=quick", *flags))]
    return {*foreign, *(row.name.text for row in choose(rows, cache_bytes(), longest=longest))}


def _names(each: Runner, select: str, flags: Sequence[str]) -> list[str]:
    """The benchmarks that run here and match; a name that several have comes more than once."""
    if not each.program.ours:
        return list_names(each.program, each.state, select)
    return _own_names(each.program, select, flags)


def _own_names(program: Program, select: str, flags: Sequence[str]) -> list[str]:
    shapes = "--shapes=full" if select else "--shapes=quick"
    rows = list_rows(program, (shapes, *flags))
    return [row.name.text for row in rows if not row.skipped and re.search(select, row.name.text)]


def _names_of_lost(program: Program, select: str, flags: Sequence[str]) -> list[str] | None:
    """What is asked for of a program that head lacks; None if it fails to say so, which ends no comparison."""
    try:
        return _own_names(program, select, flags)
    except Stop as stop:
        say(f"left out: {program.operation}: {stop}")
        return None


# Which benchmarks a comparison times if nobody says: few enough to say something about each, from every operation and
# every level of the memory.

MOST_ROWS = 24


def choose(
    rows: Iterable[ListedRow], caches: Mapping[str, int], most: int = MOST_ROWS, longest: float = LONGEST_CALL
) -> tuple[ListedRow, ...]:
    """At most `most` of the rows that run, those on the fewest threads, of all operations in turn. One shape for each
    operation and level of the memory, the smallest and the largest level first; of the implementations first the
    kernels with the widest instruction set, the fastest first, then the plain loops, then the other sets."""
    rows = [row for row in rows if not row.skipped and row.name.operation != MACHINE]
    threads = min((row.name.threads for row in rows), default=1)
    groups: dict[tuple[str, str], str] = {}
    queues: dict[tuple[str, str], list[ListedRow]] = {}
    for row in rows:
        if row.seconds > longest or row.name.threads != threads:
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
