"""scripts/compare --instructions: how many instructions a call of each kernel executes, counted by valgrind,
exactly, so that a machine on which no time can be trusted tells a longer loop from the same one.

Of a program that makes a given number of calls callgrind counts what the function that holds Google Benchmark's loop
calls. The kernel is what it calls as often as the program was told to.
"""

import platform
import re
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

from trilbench.commands import CompareOptions
from trilbench.compare.pairs import Pair
from trilbench.compare.runner import Counting
from trilbench.compare.sides import Side
from trilbench.compare.text import print_line
from trilbench.files import write_whole
from trilbench.paths import DEPENDENCIES, shown
from trilbench.report.terminal import console, print_json
from trilbench.results import documents
from trilbench.results.documents import Document
from trilbench.results.run import NamedReason, SideRecord, Status
from trilbench.results.units import count, percent, percentage
from trilbench.setup import debian
from trilbench.setup.binary import Program, measure
from trilbench.setup.tools import Progress, say
from trilbench.stop import Exit, Stop

FILE = "instructions.json"
CALLS = 5  # of each kernel; the function that holds the loop calls nothing else so often
LONGEST_CALL = (
    1e-3  # seconds, by itself: of each lane of an FMA valgrind makes a call of libm's, some 400 times as slow
)
MARGIN = 0.005  # what counts as a regression, if nobody says: counts have no noise
SETS = {"x86_64": ("scalar", "sse2", "avx2"), "aarch64": ("scalar", "neon")}  # that valgrind knows
UNSEEN = (
    "not seen: AVX-512, which valgrind does not know; how long an instruction takes, and waits for another; memory and "
    "caches; how code and data are laid out; work of other threads"
)
_LOOP = "trilbench::bench::Measurement::timed_calls"  # bench/harness/measurement.cpp
_EACH = 10.0  # seconds of a benchmark on both sides, roughly
_LONGEST = 1200.0  # seconds of a program
_VALGRIND = DEPENDENCIES / "valgrind"


class Counted(Document):
    """One benchmark's instructions, of CALLS calls."""

    name: str
    base: int
    head: int

    @property
    def ratio(self) -> float:
        return self.head / self.base


class Counts(Document):
    """What instructions.json holds."""

    command: str
    base: SideRecord
    head: SideRecord
    margin: float
    benchmarks: tuple[Counted, ...]
    failures: tuple[NamedReason, ...]  # of head
    doubts: tuple[str, ...]  # what was not compared

    @property
    def longer(self) -> tuple[Counted, ...]:
        return tuple(each for each in self.benchmarks if each.ratio >= 1 + self.margin)

    @property
    def headline(self) -> str:
        of = count(len(self.benchmarks), "benchmark")
        parts = [f"{len(self.longer)} of {of} longer by {percentage(self.margin)} or more"] if self.longer else []
        parts += [f"{count(len(self.failures), 'benchmark')} wrong or missing"] if self.failures else []
        if parts:
            return f"regression: {', '.join(parts)}"
        if not self.benchmarks:
            return "nothing was counted on both sides"
        return f"no regression: none of {of} executes {percentage(self.margin)} more instructions or beyond"


def find_valgrind(install: bool) -> list[str]:
    """What starts valgrind: the system's, or Debian's package, unpacked first. Raises Stop if there is none."""
    if found := shutil.which("valgrind"):
        return [found]
    own = _VALGRIND / "usr/bin/valgrind"
    if not own.exists() and install and debian.available():
        say(f"missing: valgrind; unpacking Debian's package into {shown(_VALGRIND)}")
        debian.unpack(_VALGRIND.name, ["valgrind"])
    if not own.exists():
        raise Stop("--instructions needs valgrind, which is missing here (Debian: apt-get install valgrind)")
    return ["env", f"VALGRIND_LIB={_VALGRIND / 'usr/libexec/valgrind'}", str(own)]


def flags_for(options: CompareOptions) -> tuple[str, ...]:
    """The programs' flags, by which they have what can be counted. Raises Stop if something else is asked for."""
    if unknown := [name for name in options.isa if "avx512" in name]:
        raise Stop(f"--instructions cannot count {unknown[0]}: valgrind does not know AVX-512")
    if any(threads != 1 for threads in options.threads):
        raise Stop("--instructions counts what one thread executes: leave --threads away")
    sets = () if options.isa else (f"--isa={','.join(SETS.get(platform.machine(), ('scalar',)))}",)
    return (*options.flags, *sets)


def compare(
    base: Side, head: Side, pairs: Sequence[Pair], missing: Sequence[str], options: CompareOptions, folder: Path
) -> Exit:
    """Counts on both sides, writes down and prints what differs. `missing` are operations that head lacks."""
    if not all(pair.counting is Counting.BY_FILE for pair in pairs):
        raise Stop("instructions are counted of programs of this suite that take --iterations", Exit.NOT_COMPARABLE)
    valgrind = find_valgrind(not options.no_install)
    failures = [NamedReason(name, "head has no such program") for name in missing]
    failures += [NamedReason(name, "head has no such benchmark") for pair in pairs for name in pair.missing]
    doubts: list[str] = []
    counted: list[Counted] = []
    wanted = [(pair, name) for pair in pairs for name in pair.benchmarks]
    began = time.monotonic()
    with Progress() as progress:
        for done, (pair, name) in enumerate(wanted):
            each = (time.monotonic() - began) / done if done else _EACH
            progress.begin(done, len(wanted), name, each * (len(wanted) - done))
            found = [instructions(valgrind, each.program, each.state, name, folder) for each in (pair.base, pair.head)]
            if isinstance(found[0], str):
                doubts.append(f"not compared: {name} fails in base already: {found[0]}")
            elif isinstance(found[1], str):
                failures.append(NamedReason(name, found[1]))
            else:
                counted.append(Counted(name, found[0], found[1]))
    counts = Counts(
        options.repeated,
        base.record,
        head.record,
        options.margin or MARGIN,
        tuple(sorted(counted, key=lambda each: -each.ratio)),
        tuple(failures),
        tuple(doubts),
    )
    documents.write(folder / FILE, counts)
    code = Exit.WRONG_RESULT if counts.failures or counts.longer else Exit.FINE if counted else Exit.NOT_COMPARABLE
    show(counts)
    print(f"all counts: {shown(folder / FILE)}")
    if options.json:
        told = {"exit_code": int(code), "headline": counts.headline, "unseen": UNSEEN, "calls": CALLS}
        print_json(told | msgspec.to_builtins(counts))
    return code


def instructions(valgrind: Sequence[str], program: Program, state: Sequence[str], name: str, folder: Path) -> int | str:
    """How many CALLS calls of the benchmark's kernel execute, or what went wrong."""
    counts, result, calls = folder / "callgrind.out", folder / "result.json", folder / "iterations.txt"
    write_whole(calls, f"{name} {CALLS}\n")
    command = [
        *("env", "LD_BIND_NOW=1", *valgrind),  # or the first call would look functions up
        *("--tool=callgrind", f"--callgrind-out-file={counts}", f"--toggle-collect={_LOOP}*"),
        *(*program.command, *state, f"--iterations={calls}", "--benchmark_repetitions=1"),
    ]
    try:
        outcome = measure(command, result, folder / "log.txt", _LONGEST)
        if outcome.status is not Status.DONE:
            return outcome.message or str(outcome.status)
        return kernels_of(counts.read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError) as error:
        return f"{error}; {shown(folder / 'log.txt')} says more"
    finally:
        for file in (counts, result, calls):
            file.unlink(missing_ok=True)


def kernels_of(callgrind: str) -> int:
    """The instructions of the kernel's calls in callgrind's file. Raises ValueError if they cannot be told.

    A function's calls stand below it, each with the callee's number, how often, and on the next line what they took:

        cfn=(6230)
        calls=5 0
        0 97137
    """
    loops = re.findall(rf"^c?fn=(\(\d+\)) {_LOOP}", callgrind, re.M)
    sections = re.findall(r"^fn=(\(\d+\)).*\n(?s:(.*?))(?=^fn=|\Z)", callgrind, re.M)  # a function may have several
    body = "".join(text for number, text in sections if number in loops)
    calls: Counter[str] = Counter()
    cost: Counter[str] = Counter()
    for callee, number, taken in re.findall(r"^cfn=(\(\d+\)).*\ncalls=(\d+).*\n\S+ (\d+)$", body, re.M):
        calls[callee] += int(number)
        cost[callee] += int(taken)
    kernels = [callee for callee, number in calls.items() if number == CALLS]
    if len(kernels) != 1:
        raise ValueError(f"the program has no {_LOOP} that calls one function {CALLS} times")
    return cost[kernels[0]]


def show(counts: Counts) -> None:
    """Prints what differs, the longest first, and folds what does not."""
    line = partial(print_line, console())
    line()
    line(f"base: {counts.base.label} ({counts.base.what})")
    line(f"head: {counts.head.label} ({counts.head.what})")
    line()
    differing = [each for each in counts.benchmarks if each.base != each.head]
    if differing:
        width = max(len(each.name) for each in differing)
        line(f"{'instructions of a call':<{width}} {'base':>14} {'head':>14}  head/base", "bold")
    for each in differing:
        # More digits than a time has: a difference of one instruction is one.
        ratio = percent(each.ratio) if abs(each.ratio - 1) >= 1e-3 else f"{100 * (each.ratio - 1):+.2g}%"
        style = "red" if each in counts.longer else ""
        line(f"{each.name:<{width}} {each.base / CALLS:>14,.0f} {each.head / CALLS:>14,.0f}  {ratio:>9}", style)
    line(f"the same to the instruction: {count(len(counts.benchmarks) - len(differing), 'benchmark')}")
    for failure in counts.failures:
        line(f"FAILED {failure.name}: {failure.reason}", "bold red")
    for doubt in counts.doubts:
        line(f"warning: {doubt}", "yellow")
    line(UNSEEN)
    line()
    line(counts.headline, "bold")
