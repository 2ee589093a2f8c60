"""What any Google Benchmark program measured: seconds of a call, by the benchmark's name."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trilbench.model import json_text

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
_NO_MEDIAN = "reports aggregates without a median: let it report its repetitions, or the median among the aggregates"


@dataclass(frozen=True)
class Timing:
    """One benchmark's repetitions in one process."""

    seconds: tuple[float, ...]
    calls: int  # of the last repetition
    error: str = ""
    counters: Mapping[str, Any] = field(default_factory=dict)  # of the last repetition


@dataclass(frozen=True)
class Timings:
    """One file of Google Benchmark's."""

    context: Mapping[str, Any]
    rows: Mapping[str, Timing]


def read_timings(path: Path) -> Timings:
    """Reads a result file. Raises OSError, or ValueError if it is incomplete or something else."""
    document = json_text.parse(path.read_text(encoding="utf-8", errors="replace"))  # a label may hold any bytes
    try:
        entries: dict[str, list[Mapping[str, Any]]] = {}
        medians: dict[str, list[Mapping[str, Any]]] = {}
        others: dict[str, Timing] = {}
        for entry in document["benchmarks"]:
            if entry.get("run_type", "iteration") == "iteration":
                entries.setdefault(entry["name"], []).append(entry)
            elif entry["aggregate_name"] == "median":
                medians.setdefault(entry["run_name"], []).append(entry)
            else:
                others[entry["run_name"]] = Timing((), 0, _NO_MEDIAN)
        # Repetitions where there are any: some benchmarks report their aggregates only.
        rows = {name: _timing(found) for name, found in (medians | entries).items()}
        return Timings(document["context"], others | rows)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a result of Google Benchmark's: {error!r}") from error


def _timing(entries: list[Mapping[str, Any]]) -> Timing:
    for entry in entries:
        if entry.get("error_occurred"):
            return Timing((), 0, entry.get("error_message") or "failed")
        if entry.get("skipped"):
            return Timing((), 0, f"is skipped: {entry.get('skip_message') or 'no reason given'}")
    seconds = tuple(entry["real_time"] * _UNITS[entry["time_unit"]] for entry in entries)
    if not all(0 < each < math.inf for each in seconds):
        return Timing((), 0, f"took {min(seconds):g} s, which is no time to compare")
    return Timing(seconds, entries[-1]["iterations"], counters=entries[-1])
