"""What a process measured: Google Benchmark's JSON, of this suite's programs or any other's."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from trilbench.results import documents
from trilbench.results.names import BenchmarkName, parse_name

_NO_MEDIAN = "reports aggregates without a median: let it report its repetitions, or the median among the aggregates"
_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


class Entry(msgspec.Struct):
    """What Google Benchmark says of a repetition, or of an aggregate."""

    name: str
    run_name: str = ""
    run_type: str = "iteration"
    aggregate_name: str = ""
    real_time: float | None = None
    time_unit: Literal["ns", "us", "ms", "s"] = "ns"
    iterations: int = 0
    error_occurred: bool = False
    error_message: str = ""
    skipped: bool = False
    skip_message: str = ""
    counters: dict[str, float] = msgspec.field(
        default_factory=dict
    )  # every number that is none of Google Benchmark's own

    def __post_init__(self) -> None:
        if self.real_time is None and self.repeats and not self.error:
            raise ValueError("object missing required field `real_time`")

    @property
    def repeats(self) -> bool:
        """Whether it is no aggregate."""
        return self.run_type == "iteration"

    @property
    def error(self) -> str:
        """Why there is no time; empty if there is one."""
        if self.error_occurred:
            return self.error_message or "failed"
        return f"is skipped: {self.skip_message or 'no reason given'}" if self.skipped else ""

    @property
    def seconds(self) -> float:
        """Of a call."""
        return math.nan if self.real_time is None else self.real_time * _UNITS[self.time_unit]


_OWN_KEYS = {
    *Entry.__struct_fields__,
    *("family_index", "per_family_instance_index", "repetitions", "repetition_index", "threads", "cpu_time", "label"),
}


class _File(msgspec.Struct):
    """One file of Google Benchmark's."""

    context: dict[str, Any]
    benchmarks: list[Entry]


@dataclass(frozen=True)
class Repetition:
    """One repetition: seconds of wall time per call, and the counters."""

    seconds: float
    iterations: int
    counters: Mapping[str, float]


@dataclass(frozen=True)
class RowResult:
    """All repetitions of one row; those of a failed row do not count."""

    name: BenchmarkName
    repetitions: tuple[Repetition, ...]
    error: str = ""  # empty: none


@dataclass(frozen=True)
class CellResult:
    """What one process measured."""

    context: Mapping[str, Any]
    rows: tuple[RowResult, ...]

    @property
    def by_name(self) -> dict[str, RowResult]:
        return {row.name.text: row for row in self.rows}


def read_cell(path: Path, named: Callable[[str], BenchmarkName] = parse_name) -> CellResult:
    """Reads a file, of this suite's programs or of others that are `named` otherwise. Raises OSError, or ValueError if
    it is incomplete or something else."""
    document = documents.parse(path.read_text(encoding="utf-8", errors="replace"))  # a label may hold any bytes
    found = documents.convert(document, _File)
    for entry, said in zip(found.benchmarks, document["benchmarks"], strict=True):
        numbers = {key: value for key, value in said.items() if type(value) in (int, float)}
        entry.counters = {key: float(value) for key, value in numbers.items() if key not in _OWN_KEYS}
    rows: dict[BenchmarkName, list[Entry]] = {}
    for entry in found.benchmarks:  # repetitions of several rows take turns; aggregates have names of their own
        rows.setdefault(named(entry.name if entry.repeats else entry.run_name or entry.name), []).append(entry)
    return CellResult(found.context, tuple(_row(name, entries) for name, entries in rows.items()))


def _row(name: BenchmarkName, entries: Sequence[Entry]) -> RowResult:
    """Of the repetitions where there are any: aggregates carry wrong counters (Google Benchmark 1.7), but some
    benchmarks report nothing else."""
    repetitions = [entry for entry in entries if entry.repeats]
    counted = repetitions or [entry for entry in entries if entry.aggregate_name == "median"]
    errors = [entry.error for entry in counted if entry.error]
    if errors or not counted:
        return RowResult(name, (), errors[0] if errors else _NO_MEDIAN)
    return RowResult(name, tuple(Repetition(each.seconds, each.iterations, each.counters) for each in counted))
