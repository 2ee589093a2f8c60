"""How busy the machine is at a moment."""

import os
import re
import time
from pathlib import Path
from typing import Any

from trilbench.host import UNKNOWN


def state(seconds: float = 1.0) -> dict[str, Any]:
    """Watches the machine for `seconds`: cores that other programs keep busy, stolen share of time, load average,
    pressure. The load average alone would not do: after a build it takes minutes to fall."""
    before = _ticks()
    time.sleep(seconds)
    after = _ticks()
    return {
        "busy_cores": _busy_cores(before, after),
        "steal": _share(before, after, "steal"),
        "load_average": _load(),
        "cpu_pressure_avg10": _pressure(),
    }


def _ticks() -> dict[str, int] | None:
    names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
    try:
        line = Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError):
        return None
    return dict(zip(names, map(int, line.split()[1:]), strict=False))


def _share(before: dict[str, int] | None, after: dict[str, int] | None, *names: str) -> float | str:
    """The share of all cores' time that went to the named kinds."""
    if not before or not after:
        return UNKNOWN
    total = sum(after.values()) - sum(before.values())
    return round(sum(after[name] - before[name] for name in names) / total, 4) if total > 0 else UNKNOWN


def _busy_cores(before: dict[str, int] | None, after: dict[str, int] | None) -> float | str:
    idle = _share(before, after, "idle", "iowait")
    return idle if isinstance(idle, str) else round((1 - idle) * (os.cpu_count() or 1), 2)


def _load() -> float | str:
    try:
        return os.getloadavg()[0]
    except OSError:
        return UNKNOWN


def _pressure() -> float | str:
    try:
        match = re.search(r"some avg10=([\d.]+)", Path("/proc/pressure/cpu").read_text(encoding="utf-8"))
    except OSError:
        return UNKNOWN
    return float(match[1]) if match else UNKNOWN
