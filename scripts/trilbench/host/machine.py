"""The machine, from what Linux tells every user. What cannot be known is "unknown"."""

import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

from trilbench.host import UNKNOWN
from trilbench.paths import ROOT


def environment() -> dict[str, Any]:
    """What stays the same during a run."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or UNKNOWN,
        "cores_allowed": len(os.sched_getaffinity(0)),
        "caches": _caches(),
        "page_size": os.sysconf("SC_PAGESIZE"),
        "memory_bytes": os.sysconf("SC_PAGESIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "hypervisor": _hypervisor(),
        "governor": _read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "git_commit": _git("rev-parse", "HEAD"),
        "git_dirty": _dirty(),
    }


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip() or UNKNOWN
    except OSError:
        return UNKNOWN


def _cpu_field(key: str) -> str:
    match = re.search(rf"^{key}\s*: *(.+)$", _read("/proc/cpuinfo"), flags=re.M)
    return match[1].strip() if match else UNKNOWN


def _cpu_model() -> str:
    model = _cpu_field("model name")
    return model if model != UNKNOWN else _cpu_field("CPU part")  # aarch64 has no model name


def _caches() -> dict[str, str]:
    found = {}
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind = {"Data": "d", "Instruction": "i"}.get(_read(index / "type"), "")
        shared = _read(index / "shared_cpu_list")
        found[f"L{_read(index / 'level')}{kind}"] = f"{_read(index / 'size')}, shared by CPUs {shared}"
    return found or {"all": UNKNOWN}


def _hypervisor() -> str:
    if "hypervisor" not in _cpu_field("flags").split():
        return "none seen" if _cpu_field("flags") != UNKNOWN else UNKNOWN
    vendor = _read("/sys/class/dmi/id/sys_vendor")
    return "yes, of unknown make" if vendor == UNKNOWN else vendor


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return UNKNOWN
    return done.stdout.strip() if done.returncode == 0 else UNKNOWN


def _dirty() -> bool | str:
    status = _git("status", "--porcelain")
    return UNKNOWN if status == UNKNOWN else bool(status)
