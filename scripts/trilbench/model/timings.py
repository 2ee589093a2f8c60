"""What any Google Benchmark program measured: seconds of a call, by the benchmark's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trilbench.model import json_text

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


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
    document = json_text.parse(path.read_text(encoding="utf-8"))
    try:
        entries: dict[str, list[Mapping[str, Any]]] = {}
        for entry in document["benchmarks"]:
            if entry.get("run_type", "iteration") == "iteration":
                entries.setdefault(plain_name(entry["name"]), []).append(entry)
        return Timings(document["context"], {name: _timing(found) for name, found in entries.items()})
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a result of Google Benchmark's: {error!r}") from error


def plain_name(name: str) -> str:
    """The name without the number of calls that Google Benchmark adds where that was given."""
    return re.sub(r"/iterations:\d+", "", name)


def _timing(entries: list[Mapping[str, Any]]) -> Timing:
    for entry in entries:
        if entry.get("error_occurred"):
            return Timing((), 0, entry.get("error_message") or "failed")
    seconds = tuple(entry["real_time"] * _UNITS[entry["time_unit"]] for entry in entries)
    return Timing(seconds, entries[-1]["iterations"], counters=entries[-1])
