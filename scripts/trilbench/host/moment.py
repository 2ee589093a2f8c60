"""How busy the machine is at a moment. What cannot be known is "unknown"."""

import os
import re
import resource
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trilbench.host import UNKNOWN

_OWN = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
Ticks = Mapping[str, int]  # of all CPUs together since the machine started, by what they went to


def state(seconds: float = 1.0) -> dict[str, Any]:
    """Watches the machine for `seconds`: cores that other programs keep busy, stolen share of time, load average,
    pressure (percent of the last ten seconds in which someone waited). The load average alone would not do: after a
    build it takes minutes to fall."""
    before = ticks()
    time.sleep(seconds)
    after = ticks()
    steal_share = steal(before, after)
    return {
        "busy_cores": _busy_cores(before, after),
        "steal": UNKNOWN if steal_share is None else steal_share,
        "load_average": _load(),
        **{f"{what}_pressure_avg10": _pressure(what) for what in ("cpu", "memory", "io")},
    }


def ticks() -> Ticks | None:
    """The CPUs' time until now; None if Linux does not tell."""
    names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
    try:
        line = Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError):
        return None
    return dict(zip(names, map(int, line.split()[1:]), strict=False))


def steal(before: Ticks | None, after: Ticks | None) -> float | None:
    """The share of all CPUs' time that the hypervisor took between two moments; None: unknown."""
    return _share(before, after, "steal")


def own_seconds() -> float:
    """The CPUs' time that this program and its finished children took until now."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, _OWN))


def busy_others(before: Ticks | None, after: Ticks | None, own: float, seconds: float) -> float | None:
    """How many cores others kept busy in a time of `seconds` in which this program took `own` seconds of the CPUs;
    None: unknown."""
    if not before or not after or seconds <= 0:
        return None
    idle = ("idle", "iowait", "steal")
    busy = sum(after[name] - before[name] for name in after if name not in idle) / os.sysconf("SC_CLK_TCK")
    return round(max(busy - own, 0.0) / seconds, 2)


def _share(before: Ticks | None, after: Ticks | None, *names: str) -> float | None:
    """The share of all CPUs' time that went to the named kinds."""
    if not before or not after or not all(name in before for name in names):
        return None
    total = sum(after.values()) - sum(before.values())
    return round(sum(after[name] - before[name] for name in names) / total, 4) if total > 0 else None


def _busy_cores(before: Ticks | None, after: Ticks | None) -> float | str:
    idle = _share(before, after, "idle", "iowait")
    return UNKNOWN if idle is None else round((1 - idle) * (os.cpu_count() or 1), 2)


def _load() -> float | str:
    try:
        return os.getloadavg()[0]
    except OSError:
        return UNKNOWN


def _pressure(what: str) -> float | str:
    try:
        match = re.search(r"some avg10=([\d.]+)", Path("/proc/pressure", what).read_text(encoding="utf-8"))
    except OSError:
        return UNKNOWN
    return float(match[1]) if match else UNKNOWN
