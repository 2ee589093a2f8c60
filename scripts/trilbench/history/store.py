"""A history: for each machine a folder of files, one for each run, and the baseline that somebody promoted.

A file holds what a later run is compared with, a line for each benchmark, so that a history under version control shows
what a run brought. Every format that a version of this module ever wrote is read; tests/data/history keeps one of each.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec import to_builtins
from msgspec.structs import replace

from trilbench.files import write_whole
from trilbench.machine import UNKNOWN
from trilbench.machine.key import Machine
from trilbench.machine.noise import STEAL, busy_moments, is_shared
from trilbench.paths import shown
from trilbench.results.documents import Document, read, write
from trilbench.results.names import parse_name
from trilbench.results.rows import RowResult
from trilbench.results.run import Manifest, Status
from trilbench.results.statistics import counter, median, summarise, times
from trilbench.stop import Stop

_MACHINE, _BASELINE, _RENAMES = "machine.json", "baseline.json", "renames.json"


class KeptRow(Document):
    """One benchmark in one run: seconds of a call, over the repetitions."""

    median: float
    p10: float
    p90: float
    of_limit: float | None = None  # median

    def __post_init__(self) -> None:
        if not 0 < self.median < math.inf:
            raise ValueError("its median is no time")


class KeptRun(Document):
    """What is kept of a run."""

    started: str  # ISO 8601, in UTC
    commit: str  # 40 digits, or "unknown"
    dirty: bool | None  # whether the sources differed from the commit; None: unknown
    finished: bool
    mode: str
    repetitions: int
    conditions: Mapping[str, str]  # what makes times comparable, whatever the benchmark: build type, cache state
    flags: Mapping[str, str]  # the compiler's, for each instruction set
    surroundings: Mapping[str, str]  # what may change the times and is told beside a change: compiler, kernel
    programs: Mapping[str, str]  # SHA-256
    rows: Mapping[str, KeptRow]  # by the benchmark's name
    failures: tuple[str, ...] = ()  # benchmarks whose result was wrong, and cells that broke
    disturbed: tuple[str, ...] = ()  # why the times are in doubt; empty: they are not

    def __post_init__(self) -> None:
        utc(self.started)
        for name in self.rows:
            parse_name(name)

    @property
    def name(self) -> str:
        """Of its file, and what people call it: 20260102T030405Z-0123456."""
        return f"{utc(self.started):%Y%m%dT%H%M%SZ}-{self.commit[:9]}{'-dirty' if self.dirty else ''}"

    @property
    def label(self) -> str:
        """Its commit, short; with a plus if the sources were changed."""
        return ("?" if self.commit == "unknown" else self.commit[:7]) + ("+" if self.dirty else "")

    @property
    def words(self) -> str:
        """Its label and its day."""
        return f"{self.label} ({self.started[:10]})"


class Baseline(Document):
    """What later runs are held against."""

    runs: tuple[str, ...]  # their names
    promoted: str  # when, ISO 8601


class Renames(Document):
    """What became of benchmarks' names, so that a series goes on under its new one. Somebody writes it by hand."""

    renames: Mapping[str, str]  # how names began, and how they begin now: causal_mean/old_name: causal_mean/new_name


@dataclass(frozen=True)
class History:
    """The runs of one machine, in the order in which they were measured."""

    key: str
    machine: Machine
    runs: tuple[KeptRun, ...]
    baseline: Baseline | None = None

    @property
    def baseline_places(self) -> tuple[int, ...]:
        """Where in `runs` the baseline's are."""
        names = self.baseline.runs if self.baseline else ()
        return tuple(i for i, run in enumerate(self.runs) if run.name in names)

    @property
    def lost(self) -> bool:
        """Whether somebody promoted a baseline of which no run is there any more."""
        return self.baseline is not None and not self.baseline_places


def machine_keys(folder: Path) -> tuple[str, ...]:
    """The machines of a history; none if the folder is missing."""
    return tuple(sorted(file.parent.name for file in folder.glob(f"*/{_MACHINE}")))


def read_history(folder: Path, key: str) -> History:
    """One machine's history, under today's names. Raises Stop if a file is damaged, of an unknown format or cannot be
    read."""
    of_machine, renames = folder / key, folder / _RENAMES
    runs = [read(file, KeptRun) for file in of_machine.glob("*.json") if file.name not in (_MACHINE, _BASELINE)]
    if renames.exists():
        new_names = read(renames, Renames).renames
        try:
            runs = [_renamed(run, new_names) for run in runs]
        except ValueError as error:
            raise Stop(f"{shown(renames)}: {error}") from error
    baseline = of_machine / _BASELINE
    return History(
        key=key,
        machine=read(of_machine / _MACHINE, Machine),
        runs=tuple(sorted(runs, key=lambda run: run.name)),
        baseline=read(baseline, Baseline) if baseline.exists() else None,
    )


def _renamed(run: KeptRun, renames: Mapping[str, str]) -> KeptRun:
    """The run under today's names, but where it has a benchmark of the new name too: those are two. Raises
    ValueError."""

    def renamed(name: str) -> str:
        left = dict(renames)  # each is followed once, so that a circle ends
        while old := max((old for old in left if f"{name}/".startswith(f"{old}/")), key=len, default=None):
            name = left.pop(old) + name.removeprefix(old)
        return name

    rows: dict[str, KeptRow] = {}
    for name, row in run.rows.items():
        new = renamed(name)
        rows[name if new in run.rows or new in rows else new] = row
    programs = {renamed(name): digest for name, digest in run.programs.items()}
    return replace(run, rows=rows, programs=programs, failures=tuple(map(renamed, run.failures)))


def run_file(folder: Path, machine: Machine, run: KeptRun) -> Path:
    """Where the run is kept."""
    return folder / machine.key / f"{run.name}.json"


def write_run(folder: Path, machine: Machine, run: KeptRun) -> None:
    """Writes the run's file, and the machine's if it is the first. Raises Stop."""
    file = run_file(folder, machine, run)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"cannot make {shown(file.parent)}: {error.strerror}") from error
    if not (file.parent / _MACHINE).exists():
        write(file.parent / _MACHINE, machine)
    write_whole(file, run_text(run))


def write_baseline(folder: Path, key: str, baseline: Baseline) -> None:
    """Replaces the baseline. Raises Stop."""
    write(folder / key / _BASELINE, baseline)


def run_text(run: KeptRun) -> str:
    """The run as JSON, a line for each benchmark; the same run gives the same text."""
    head = {"format": run.FORMAT, **to_builtins(run)}
    rows = head.pop("rows")
    lines = (f"  {json.dumps(name)}: {json.dumps(rows[name], allow_nan=False)}" for name in sorted(rows))
    text = json.dumps(head, indent=1, allow_nan=False)
    return text.removesuffix("\n}") + ',\n "rows": {\n' + ",\n".join(lines) + "\n }\n}\n"


def utc(moment: str) -> datetime:
    """An ISO time in UTC, to the second. Raises ValueError."""
    return datetime.fromisoformat(moment).astimezone(UTC).replace(microsecond=0)


OPENMP = ("OMP_", "KMP_", "GOMP_")  # how variables begin that set it up
_CONDITIONS = ("trilbench_build_type", "cache_state", "alignment")
_MOST_SHARED = 0.2  # of the rows, beyond which the whole run does not count
_USUAL_DATA = "normal"
_OF_THE_PROGRAM = ("compiler", "xsimd_version", "google_benchmark_version", "library")
_OF_THE_MACHINE = (
    *("kernel", "distribution", "c_library", "microcode", "governor", "boost"),
    *("cores_allowed", "simultaneous_multithreading", "transparent_huge_pages"),
)


def keep(manifest: Manifest, rows: Sequence[RowResult]) -> KeptRun:
    """`manifest` with what the programs said of themselves, `rows` with all repetitions. Raises ValueError if the
    manifest does not say when the run began."""
    environment = manifest.environment
    said = environment.get("program")
    program = {key: str(value) for key, value in said.items()} if isinstance(said, dict) else {}
    commit = str(environment.get("git_commit") or "").lower()
    dirty = environment.get("git_dirty")
    data = program.get("data", _USUAL_DATA)
    openmp = [key for key in sorted(program) if key.startswith(OPENMP)]
    return KeptRun(
        started=utc(manifest.started).isoformat(),
        commit=commit if len(commit) >= 7 and set(commit) <= set("0123456789abcdef") else UNKNOWN,
        dirty=dirty if isinstance(dirty, bool) else None,
        finished=bool(manifest.finished),
        mode=manifest.mode,
        repetitions=manifest.repetitions,
        # A compiler's next version is what a history is to judge; another compiler is another program.
        conditions={"compiler": program.get("compiler", UNKNOWN).partition(" ")[0]}
        | {key: program.get(key, UNKNOWN) for key in (*_CONDITIONS, *openmp)}
        | ({"data": data} if data != _USUAL_DATA else {}),  # runs of before there was a choice are like the usual
        flags={key.removeprefix("flags_"): program[key].strip() for key in sorted(program) if key.startswith("flags_")},
        surroundings={key: _without_paths(program[key]) for key in _OF_THE_PROGRAM if key in program}
        | {key: str(environment[key]) for key in _OF_THE_MACHINE if key in environment},
        programs=dict(sorted(manifest.binaries.items())),
        rows={row.name.text: _row(row) for row in rows if times(row)},
        failures=(
            *(row.name for row in manifest.failures),
            *(
                f"{cell.program} {cell.shape} on {cell.threads} threads"
                for cell in manifest.cells
                if cell.status is Status.BROKEN
            ),
        ),
        disturbed=tuple(_disturbances(manifest, rows)),
    )


def _without_paths(text: str) -> str:
    """Of each library, where there are several, the name and version alone."""
    return "; ".join(part.partition(", /")[0] for part in text.split("; "))


def _row(row: RowResult) -> KeptRow:
    seconds = summarise(times(row))
    shares = [] if is_shared(row) else counter(row, "of_limit")
    return KeptRow(
        median=_rounded(seconds.median),
        p10=_rounded(seconds.p10),
        p90=_rounded(seconds.p90),
        of_limit=_rounded(median(shares)) if shares else None,
    )


def _rounded(value: float) -> float:
    """To six digits: more would say nothing and make every line of a difference longer."""
    return float(f"{value:.6g}")


def _disturbances(manifest: Manifest, rows: Sequence[RowResult]) -> Iterator[str]:
    """What another program or guest did to the whole run. What one row suffered shows in its spread."""
    for when, busy in busy_moments(manifest):
        yield f"other programs kept {busy:.1f} cores busy {when} it"
    shared = sum(map(is_shared, rows))
    if shared > _MOST_SHARED * len(rows):
        yield f"{shared} of {len(rows)} rows had less than their cores"
    if manifest.steal is not None and manifest.steal > STEAL:
        yield f"the hypervisor took {manifest.steal:.1%} of the time of the cores in use"
