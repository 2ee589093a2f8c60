"""What a benchmark binary says it would run, the answer to --list=json, and what one process of it measures.

A cell is one operation, shape and thread count: one process in which all variants take turns. The rows of a library are
cells of their own, so that their threads and modes never meet ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from trilbench.results import documents
from trilbench.results.names import BenchmarkName, parse_name
from trilbench.results.statistics import grouped

LEAST_START = 0.05  # seconds: a process, its libraries, its team of threads


@dataclass(frozen=True)
class ListedRow:
    """A variant and a problem."""

    name: BenchmarkName
    skipped: str  # why it does not run; empty if it does
    seconds: float  # predicted, of one call; 0 if unknown
    bytes: float  # compulsory traffic of one call
    flops: float = 0.0  # useful ones of one call


class _Row(msgspec.Struct):
    name: str
    skipped: str | None
    predicted_seconds: float | None
    bytes: float | None
    flops: float | None = None


class _Listing(msgspec.Struct):
    rows: tuple[_Row, ...]


def read_listing(text: str) -> tuple[ListedRow, ...]:
    """Reads the JSON list. Raises ValueError if it is something else."""
    return tuple(
        ListedRow(
            parse_name(row.name), row.skipped or "", row.predicted_seconds or 0.0, row.bytes or 0.0, row.flops or 0.0
        )
        for row in documents.decode(text, _Listing).rows
    )


@dataclass(frozen=True)
class Cell:
    """What one process measures; `rows` run, none is skipped."""

    operation: str
    shape: str
    threads: int
    rows: tuple[ListedRow, ...]
    peer: str = ""  # the library whose rows they are; empty: our own
    start: float = LEAST_START  # seconds until its first row

    @property
    def place(self) -> tuple[str, str, int]:
        """What our own cell and those of the libraries have in common."""
        return self.operation, self.shape, self.threads


def make_cells(rows: Iterable[ListedRow], peer: str = "", start: float = LEAST_START) -> tuple[Cell, ...]:
    """The rows of one program that run, grouped, in the order of the listing."""
    running = (row for row in rows if not row.skipped)
    groups = grouped(running, lambda row: (row.name.operation, row.name.shape, row.name.threads))
    return tuple(Cell(*key, rows=tuple(group), peer=peer, start=start) for key, group in groups.items())
