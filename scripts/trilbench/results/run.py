"""A run: its manifest, which says what was asked, where, and how far it got. Kept as manifest.json in its folder."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import field

from trilbench.paths import shown
from trilbench.results.documents import Document, read, write
from trilbench.results.rows import CellResult, read_cell
from trilbench.stop import Stop


class Status(StrEnum):
    """How far a cell got."""

    WAITING = "waiting"
    DONE = "done"
    WRONG = "failed verification"  # measured; some rows failed
    BROKEN = "failed"  # the binary did; there is no result
    OUT_OF_TIME = "out of time"
    NOTHING = "nothing matched"


class CellRecord(Document):
    """One cell: one process, one file."""

    operation: str
    shape: str
    threads: int
    peer: str = ""  # the library whose rows it holds; empty: our own
    status: Status = Status.WAITING
    command: str = ""  # that measures it again
    seconds: float = 0.0  # it took
    message: str = ""  # why there is no result
    steal: float | None = None  # share of the time of the cores in use that the hypervisor took; None: unknown

    @property
    def program(self) -> str:
        """The name of the binary that measures it."""
        return f"{self.operation}_{self.peer}" if self.peer else self.operation

    @property
    def file(self) -> str:
        """Where its result lies in the run's folder."""
        return f"raw/{self.operation}/{self.shape}-omp{self.threads}{f'-{self.peer}' if self.peer else ''}.json"


class NamedReason(Document):
    """A row that was skipped or failed, and why."""

    name: str
    reason: str


class Manifest(Document):
    """Everything about a run but its timings."""

    command: str
    mode: str
    operations: tuple[str, ...]
    flags: tuple[str, ...]
    max_call: float
    repetitions: int
    started: str
    finished: str = ""  # empty: interrupted, or still running
    binaries: dict[str, str] = field(default_factory=dict)  # program: SHA-256
    environment: dict[str, Any] = field(default_factory=dict)
    state_before: dict[str, Any] = field(default_factory=dict)
    state_after: dict[str, Any] = field(default_factory=dict)
    cells: tuple[CellRecord, ...] = ()
    skipped: tuple[NamedReason, ...] = ()
    failures: tuple[NamedReason, ...] = ()
    warnings: tuple[str, ...] = ()
    peers: bool = False  # whether libraries were asked for
    select: str = ""  # a regular expression over the names of the rows that were wanted; empty: all
    absent_peers: tuple[NamedReason, ...] = ()  # programs of libraries that could not be measured: causal_mean_openblas

    @property
    def steal(self) -> float | None:
        """The share of the time of the cores in use that the hypervisor took meanwhile; None: unknown."""
        known = [(cell.steal, cell.seconds) for cell in self.cells if cell.steal is not None]
        seconds = sum(seconds for _, seconds in known)
        return sum(steal * seconds for steal, seconds in known) / seconds if seconds > 0 else None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replaces the folder's manifest. Raises Stop if that fails; the old one stands then."""
    write(folder / "manifest.json", manifest)


def read_manifest(folder: Path) -> Manifest:
    """Raises Stop if there is none, it is damaged or a newer version's."""
    path = folder / "manifest.json"
    if not path.exists():
        raise Stop(f"{shown(folder)} is not a run of scripts/bench: it has no {path.name}")
    return read(path, Manifest)


def read_cells(folder: Path, manifest: Manifest) -> list[CellResult]:
    """The results that the folder holds, in the order of the cells. Raises Stop if a finished one cannot be read."""
    found = []
    for record in manifest.cells:
        if (folder / record.file).exists():
            try:
                found.append(read_cell(folder / record.file))
            except (OSError, ValueError) as error:
                raise Stop(f"cannot read {folder / record.file}: {error}") from error
    return found


class SideRecord(Document):
    """One of the two builds."""

    label: str  # as the user named it
    what: str  # "commit 0123456789ab: its subject", "build folder build/clang"
    binaries: Mapping[str, str]  # program: SHA-256
    context: Mapping[str, Any] = field(default_factory=dict)  # what the programs say of themselves: compiler, flags
