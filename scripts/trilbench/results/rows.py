"""What a cell measured: Google Benchmark's JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilbench.results import documents
from trilbench.results.names import BenchmarkName, parse_name

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}

# What Google Benchmark itself says of a repetition; every other number is a counter of ours.
_OWN_KEYS = {
    "name",
    "family_index",
    "per_family_instance_index",
    "run_name",
    "run_type",
    "repetitions",
    "repetition_index",
    "threads",
    "iterations",
    "real_time",
    "cpu_time",
    "time_unit",
    "label",
    "error_occurred",
    "error_message",
    "skipped",
    "skip_message",
}


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
    error: str  # empty: none


@dataclass(frozen=True)
class CellResult:
    """One file of Google Benchmark's."""

    context: Mapping[str, Any]
    rows: tuple[RowResult, ...]


def read_cell(path: Path) -> CellResult:
    """Reads a cell's file. Raises OSError, or ValueError if it is incomplete or something else."""
    document = documents.parse(path.read_text(encoding="utf-8", errors="replace"))  # a label may hold any bytes
    try:
        return _cell(document)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a result of Google Benchmark's: {error!r}") from error


def _cell(document: Mapping[str, Any]) -> CellResult:
    # Aggregates carry wrong counters (Google Benchmark 1.7): only single repetitions count.
    entries = [entry for entry in document["benchmarks"] if entry.get("run_type", "iteration") == "iteration"]
    rows: dict[BenchmarkName, list[Mapping[str, Any]]] = {}
    for entry in entries:  # repetitions of several rows take turns
        rows.setdefault(parse_name(entry["name"]), []).append(entry)
    return CellResult(document["context"], tuple(_row(name, entries) for name, entries in rows.items()))


def _row(name: BenchmarkName, entries: list[Mapping[str, Any]]) -> RowResult:
    errors = [entry.get("error_message") or "failed" for entry in entries if entry.get("error_occurred")]
    if errors:
        return RowResult(name, (), errors[0])
    return RowResult(name, tuple(_repetition(entry) for entry in entries), "")


def _repetition(entry: Mapping[str, Any]) -> Repetition:
    counters = {
        key: float(value)
        for key, value in entry.items()
        if key not in _OWN_KEYS and isinstance(value, int | float) and not isinstance(value, bool)
    }
    return Repetition(entry["real_time"] * _UNITS[entry["time_unit"]], entry["iterations"], counters)
