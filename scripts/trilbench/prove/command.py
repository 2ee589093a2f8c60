"""scripts/prove: whether the harness measures what it must. Claims about rows whose right figures are known."""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from trilbench.machine import cores, moment
from trilbench.machine import facts as machine
from trilbench.machine.noise import are_busy
from trilbench.options import Options
from trilbench.report import terminal as screen
from trilbench.results.rows import RowResult, read_cell
from trilbench.results.run import Status
from trilbench.results.statistics import median, quantile
from trilbench.setup.binary import Program, list_rows, measure
from trilbench.setup.build import build
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop

AGAIN = "_again"  # ends the name of a row's twin
TIME_ERROR = 0.02
TWIN_ERROR = 0.02  # at the median
SHARE_OF_PEAK = (0.97, 1.03)
SHARE_OF_LIMIT = (0.93, 1.03)
_ROUNDING = 1e-6  # of figures that pass through decimal text


@dataclass(frozen=True)
class Claim:
    """One thing that must come out right."""

    what: str
    expected: str
    measured: str
    holds: bool


def takes(row: RowResult, seconds: float) -> Claim:
    """A call of known time: the median time is that, within 2 %."""
    found = _seconds(row)
    what = f"a call that {row.name.implementation.replace('_', ' ')}"
    expected = f"{seconds * 1e6:.6g} us within {TIME_ERROR:.0%}"
    return Claim(what, expected, f"{found * 1e6:.6g} us", abs(found / seconds - 1) <= TIME_ERROR)


def counts(row: RowResult, flops: float) -> Claim:
    """A kernel of known flops: its rate times its time is that number."""
    counted = [each.counters["flops_per_second"] * each.seconds for each in row.repetitions]
    worst = max(counted, key=lambda value: abs(value - flops))
    what = f"{row.name.variant}, N = {row.name.shape}: flops of a call, rate times time"
    return Claim(what, f"{flops:.10g}", f"{worst:.10g}", abs(worst / flops - 1) <= _ROUNDING)


def reaches(rows: Sequence[RowResult], counter: str, allowed: tuple[float, float], what: str) -> Claim:
    """The fastest row's share, of_peak or of_limit, is 1."""
    fastest = min(rows, key=_seconds)
    share = median([each.counters[counter] for each in fastest.repetitions])
    low, high = allowed
    measured = f"{share:.3f} by {fastest.name.variant}"
    return Claim(f"{what}: {counter}", f"{low} to {high}", measured, low <= share <= high)


def agree(rows: Sequence[RowResult]) -> Claim:
    """Every row and its twin, which is the same code: how far their median times are apart."""
    apart = twin_differences(rows)
    values = [*apart.values()]
    worst = max(apart, key=apart.__getitem__)
    return Claim(
        f"A against A, {len(values)} pairs: difference of the medians",
        f"at most {TWIN_ERROR:.0%} at the median",
        f"median {median(values):.2%}, p90 {quantile(values, 0.9):.2%}, worst {apart[worst]:.1%} ({worst})",
        median(values) <= TWIN_ERROR,
    )


def twin_differences(rows: Sequence[RowResult]) -> dict[str, float]:
    """|median / twin's median - 1| by the row's name, of the rows that have one. A call near the longest allowed may
    be skipped in one of two."""
    medians = {row.name.text: _seconds(row) for row in rows}
    named = ((row.name.text, f"/{row.name.implementation}") for row in rows)
    twins = {name: name.replace(f"{own}/", f"{own}{AGAIN}/", 1) for name, own in named}
    return {name: abs(medians[name] / medians[twin] - 1) for name, twin in twins.items() if twin in medians}


def _seconds(row: RowResult) -> float:
    """The median time of a call."""
    return median([each.seconds for each in row.repetitions])


_SETTINGS = ("--benchmark_repetitions=9", "--benchmark_enable_random_interleaving=true")
_MIN_TIME = "--benchmark_min_time=0.02"
_LEAST_MIN_TIME = "--benchmark_min_time=0.01"  # of the many rows that come twice
_MAX_CALL = 0.05  # seconds
_KNOWN_TIMES = {"sleeps_2ms": 2e-3, "spins_20us": 20e-6}
_MULTIPLY_ADDS = ("--shapes=4096", "--only=fma")
_FLOAT = 4  # bytes
_ANYWHERE = 131072  # elements: --cold takes as many such arrays as the caches cannot hold


@dataclass(frozen=True)
class Bench:
    """Runs the binaries of one build folder; results lie in `scratch`."""

    binaries: Path
    scratch: Path

    def program(self, name: str) -> Program:
        if not (self.binaries / name).exists():
            raise Stop(f"there is no {self.binaries / name}: configure the build with TRILBENCH_TESTS=ON")
        return Program(self.binaries / name, name)

    def rows(self, name: str, *flags: str) -> tuple[RowResult, ...]:
        """Measures. Raises Stop if the program fails or a row is wrong."""
        out, log = self.scratch / "result.json", self.scratch / "log.txt"
        outcome = measure([*self.program(name).command, *_SETTINGS, *flags], out, log, timeout=None)
        if outcome.status is not Status.DONE:
            say(log.read_text(encoding="utf-8", errors="replace").rstrip())
            wrong = outcome.status is Status.WRONG
            raise Stop(f"{name}: {outcome.message or outcome.status}", Exit.WRONG_RESULT if wrong else Exit.TOOL_FAILED)
        return read_cell(out).rows


def main(options: Options) -> Exit:
    """Runs the command."""
    folder = build("release", "bench/all", install=not options.no_install) / "bench"
    busy = moment.state()["busy_cores"]
    if are_busy(busy, cores.allowed_count() - 1):
        say(f"warning: other programs keep {busy:.1f} cores busy: end them, or nothing will be proven")
    with tempfile.TemporaryDirectory(prefix="trilbench-prove-") as scratch:
        claims = [*prove(Bench(folder, Path(scratch)), machine.cache_bytes())]
    print_claims(screen.console(120), claims)
    failed = sum(not claim.holds for claim in claims)
    if failed:
        print(f"error: {failed} of {len(claims)} not proven: wrong, or the machine was disturbed", file=sys.stderr)
    return Exit.TOO_NOISY if failed else Exit.FINE


def prove(bench: Bench, caches: Mapping[str, int]) -> Iterator[Claim]:
    """All claims, as they are measured."""
    say("calls of known time")
    for row in bench.rows("known_rows", _MIN_TIME):
        yield takes(row, _KNOWN_TIMES[row.name.implementation])
    say("a kernel of known flops")
    # Their number is what the binary lists, not what it reports after timing.
    listed = {row.name: row.flops for row in list_rows(bench.program("machine"), _MULTIPLY_ADDS, _MAX_CALL)}
    rows = bench.rows("machine", *_MULTIPLY_ADDS, _MIN_TIME)
    yield from (counts(row, listed[row.name]) for row in rows)
    yield reaches(rows, "of_peak", SHARE_OF_PEAK, "multiply-adds in registers")
    for where, flags in copies(caches):
        say(f"a copy in {where}")
        rows = bench.rows("machine", *flags, "--only=copy,plain_copy,streaming_copy", _MIN_TIME)
        yield reaches(rows, "of_limit", SHARE_OF_LIMIT, f"a copy in {where}")
    # Every variant of causal_mean against itself, in one process for each quick shape.
    shapes = [row.name.shape for row in list_rows(bench.program("causal_mean"), ("--shapes=quick",), _MAX_CALL)]
    twins: list[RowResult] = []
    for shape in dict.fromkeys(shapes):
        say(f"A against A at {shape}")
        twins += bench.rows("twins", f"--shapes={shape}", f"--max-call={_MAX_CALL}", _LEAST_MIN_TIME)
    yield agree(twins)


def copies(caches: Mapping[str, int]) -> list[tuple[str, tuple[str, ...]]]:
    """Where a copy's two arrays can lie, and the flags that put them there. They fill half of the first two caches;
    of a larger one they take eight times the cache before it, since other programs share it."""
    places = []
    before = 0
    for name, size in caches.items():
        together = size // 2 if name in ("L1d", "L2") else min(size // 2, 8 * before)
        places.append((f"{name}, {together // 2**10} KiB", (f"--shapes={together // (2 * _FLOAT)}",)))
        before = size
    return [*places, ("DRAM", (f"--shapes={_ANYWHERE}", "--cold"))]


def print_claims(console: Console, claims: Sequence[Claim]) -> None:
    """Prints the claims as a table."""
    measured = Column("measured", overflow="fold")  # a name has no place to break
    table = Table("what", "expected", measured, "verdict", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for claim in claims:
        verdict = Text("proven", style="green") if claim.holds else Text("NOT PROVEN", style="bold red")
        table.add_row(Text(claim.what), Text(claim.expected), Text(claim.measured), verdict)
    console.print(table)
