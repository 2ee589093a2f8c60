"""How busy the machine is at a moment. What cannot be known is "unknown"."""

import os
import re
import resource
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trilbench.machine import UNKNOWN, cores

_OWN = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
Ticks = Mapping[str, int]  # of the cores that we may use together, since the machine started, by what they went to
_NAMES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
_PRESSED = ("cpu", "memory", "io")


def state(seconds: float = 1.0) -> dict[str, Any]:
    """Watches the machine for `seconds`: cores that other programs keep busy, stolen share of time, load average,
    pressure (percent of the last ten seconds in which someone waited). The load average alone would not do: after a
    build it takes minutes to fall."""
    before = ticks()
    time.sleep(seconds)
    after = ticks()
    found = {
        "busy_cores": busy_others(before, after, 0.0, seconds),
        "steal": steal(before, after, seconds),
        "load_average": _first_number("/proc/loadavg", r"[\d.]+"),
        **{f"{of}_pressure_avg10": _first_number(f"/proc/pressure/{of}", r"(?<=some avg10=)[\d.]+") for of in _PRESSED},
    }
    return {what: UNKNOWN if value is None else value for what, value in found.items()}


def ticks() -> Ticks | None:
    """The cores' time until now; None if Linux does not tell."""
    try:
        return ticks_in(Path("/proc/stat").read_text(encoding="utf-8"), cores.allowed())
    except OSError:
        return None


def ticks_in(stat: str, allowed: Collection[int]) -> Ticks | None:
    """What /proc/stat tells of the allowed cores; of all where it names none of them."""
    lines = {line.split()[0]: line.split()[1:] for line in stat.splitlines() if line.startswith("cpu")}
    chosen = [lines[f"cpu{number}"] for number in allowed if f"cpu{number}" in lines]
    chosen = chosen or [lines["cpu"]] if "cpu" in lines else []
    return dict(zip(_NAMES, (sum(map(int, column)) for column in zip(*chosen, strict=False)), strict=False)) or None


def steal(before: Ticks | None, after: Ticks | None, seconds: float) -> float | None:
    """The share of the time of the cores in use that the hypervisor took in a time of `seconds`; None: unknown. In use
    are those that were not idle, whoever used them, and one at least."""
    if not before or not after or "steal" not in before or seconds <= 0:
        return None
    stolen = after["steal"] - before["steal"]
    wanted = max(_busy(before, after) + stolen, seconds * os.sysconf("SC_CLK_TCK"))
    return round(stolen / wanted, 4)


def own_seconds() -> float:
    """The CPUs' time that this program and its finished children took until now."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, _OWN))


def busy_others(before: Ticks | None, after: Ticks | None, own: float, seconds: float) -> float | None:
    """How many cores others kept busy in a time of `seconds` in which this program took `own` seconds of the CPUs;
    None: unknown."""
    if not before or not after or seconds <= 0:
        return None
    busy = _busy(before, after) / os.sysconf("SC_CLK_TCK")
    return round(max(busy - own, 0.0) / seconds, 2)


def _busy(before: Ticks, after: Ticks) -> int:
    return sum(after[name] - before[name] for name in after if name not in ("idle", "iowait", "steal"))


def _first_number(path: str, pattern: str) -> float | None:
    try:
        match = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    except OSError:
        return None
    return float(match[0]) if match else None


def timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
