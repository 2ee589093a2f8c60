"""A history: for each machine a folder of files, one for each run, and the baseline that somebody promoted.

A file holds what a later run is compared with, a line for each benchmark, so that a history under version control shows
what a run brought. Every format that a version of this module ever wrote is read; tests/data/history keeps one of each.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from trilbench.files import write_whole
from trilbench.machine.key import Machine
from trilbench.paths import shown
from trilbench.results.names import parse_name
from trilbench.stop import Exit, Stop

FORMAT = 1
_MACHINE, _BASELINE = "machine.json", "baseline.json"

Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class KeptRow:
    """One benchmark in one run: seconds of a call, over the repetitions."""

    median: float
    p10: float
    p90: float
    of_limit: float | None = None  # median


@dataclass(frozen=True)
class KeptRun:
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

    @property
    def name(self) -> str:
        """Of its file, and what people call it: 20260102T030405Z-0123456."""
        started = datetime.fromisoformat(self.started)
        return f"{started:%Y%m%dT%H%M%SZ}-{self.commit[:9]}{'-dirty' if self.dirty else ''}"

    @property
    def label(self) -> str:
        """Its commit, short; with a plus if the sources were changed."""
        return ("?" if self.commit == "unknown" else self.commit[:7]) + ("+" if self.dirty else "")


@dataclass(frozen=True)
class Baseline:
    """What later runs are held against."""

    runs: tuple[str, ...]  # their names
    promoted: str  # when, ISO 8601


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


def machine_keys(folder: Path) -> tuple[str, ...]:
    """The machines of a history; none if the folder is missing."""
    return tuple(sorted(file.parent.name for file in folder.glob(f"*/{_MACHINE}")))


def read_history(folder: Path, key: str) -> History:
    """One machine's history. Raises Stop if a file is damaged, of an unknown format or cannot be read."""
    of_machine = folder / key
    runs = [read_run(file) for file in of_machine.glob("*.json") if file.name not in (_MACHINE, _BASELINE)]
    baseline = of_machine / _BASELINE
    return History(
        key=key,
        machine=_read(of_machine / _MACHINE, lambda document: Machine(**document)),
        runs=tuple(sorted(runs, key=lambda run: run.name)),
        baseline=_read(baseline, _baseline) if baseline.exists() else None,
    )


def read_run(file: Path) -> KeptRun:
    """Raises Stop."""
    return _read(file, _run)


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
        _write(file.parent / _MACHINE, asdict(machine))
    write_whole(file, run_text(run))


def write_baseline(folder: Path, key: str, baseline: Baseline) -> None:
    """Replaces the baseline. Raises Stop."""
    _write(folder / key / _BASELINE, asdict(baseline))


def run_text(run: KeptRun) -> str:
    """The run as JSON, a line for each benchmark; the same run gives the same text."""
    head = {"format": FORMAT, **asdict(run)}
    rows = head.pop("rows")
    lines = (f"  {json.dumps(name)}: {json.dumps(rows[name], allow_nan=False)}" for name in sorted(rows))
    text = json.dumps(head, indent=1, allow_nan=False)
    return text.removesuffix("\n}") + ',\n "rows": {\n' + ",\n".join(lines) + "\n }\n}\n"


def rounded(value: float) -> float:
    """To six digits: more would say nothing and make every line of a difference longer."""
    return float(f"{value:.6g}")


def utc(moment: str) -> str:
    """An ISO time in UTC, to the second. Raises ValueError."""
    return datetime.fromisoformat(moment).astimezone(UTC).replace(microsecond=0).isoformat()


def _write(file: Path, document: Mapping[str, Any]) -> None:
    write_whole(file, json.dumps({"format": FORMAT, **document}, indent=1, allow_nan=False) + "\n")


def _read(file: Path, build: Callable[[Document], T]) -> T:
    """What `build` makes of the file's document, which is in today's format by then."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        number = document.pop("format")
        if number not in _TO_TODAY:
            raise Stop(
                f"{shown(file)} has format {number}; this version reads formats up to {FORMAT}: use a newer one",
                Exit.NOT_COMPARABLE,
            )
        return build(_TO_TODAY[number](document))
    except OSError as error:
        raise Stop(f"cannot read {shown(file)}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Stop(f"{shown(file)} is damaged: {error!r}") from error


def _run(document: Document) -> KeptRun:
    rows = {parse_name(name).text: KeptRow(**row) for name, row in document["rows"].items()}
    if not all(math.isfinite(row.median) and row.median > 0 for row in rows.values()):
        raise ValueError("a time is no time")
    lists = {key: tuple(document[key]) for key in ("failures", "disturbed")}
    return KeptRun(**document | lists | {"rows": rows, "started": utc(document["started"])})


def _baseline(document: Document) -> Baseline:
    return Baseline(**document | {"runs": tuple(document["runs"])})


# From each format that ever was to today's.
_TO_TODAY: Mapping[int, Callable[[Document], Document]] = {1: lambda document: document}
