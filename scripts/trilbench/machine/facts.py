"""The machine, from what Linux tells every user. What cannot be known is "unknown"."""

import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from trilbench.git import asked
from trilbench.machine import UNKNOWN, cores
from trilbench.paths import ROOT

# By which users, or whoever set up their machine, tell libraries what to run.
_OF_LIBRARIES = ("OPENBLAS_", "MKL_", "BLIS_", "ATEN_CPU_CAPABILITY", "ONEDNN_", "DNNL_", "BLAS_NUM_THREADS")
_CPU = "/sys/devices/system/cpu"


class Told(msgspec.Struct):
    """What a program says of the machine as it may use it (--machine), which counts; None: it does not say."""

    cores_allowed: int | None = None
    cores_quota: float | None = None
    page_size: int | None = None
    transparent_huge_pages: str | None = None
    emulated: bool | None = None


def environment(told: Told | None = None) -> dict[str, Any]:
    """What stays the same during a run."""
    status = asked(ROOT, "status", "--porcelain")
    flags = _cpu_field("flags")
    vendor = _read("/sys/class/dmi/id/sys_vendor")
    hypervisor = "yes, of unknown make" if vendor == UNKNOWN else vendor
    model = _cpu_field("model name")
    try:
        distribution = platform.freedesktop_os_release().get("PRETTY_NAME", UNKNOWN)
    except OSError:
        distribution = UNKNOWN
    found = {
        "cpu": model if model != UNKNOWN else _cpu_field("CPU part"),  # aarch64 has no model name
        "cores": os.cpu_count() or UNKNOWN,
        "cores_allowed": cores.allowed_count(),
        "instruction_sets": _instruction_sets(),
        "microcode": _cpu_field("microcode"),
        "simultaneous_multithreading": _read(f"{_CPU}/smt/control"),
        "caches": caches() or {"all": UNKNOWN},
        "page_size": os.sysconf("SC_PAGESIZE"),
        "transparent_huge_pages": _read("/sys/kernel/mm/transparent_hugepage/enabled"),
        "transparent_huge_page_defrag": _read("/sys/kernel/mm/transparent_hugepage/defrag"),
        "huge_pages_reserved": _read("/proc/sys/vm/nr_hugepages"),
        "memory_bytes": os.sysconf("SC_PAGESIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()}",
        "distribution": distribution,
        "c_library": " ".join(platform.libc_ver()).strip() or UNKNOWN,
        "python": platform.python_version(),
        "architecture": platform.machine(),
        "hypervisor": UNKNOWN if flags == UNKNOWN else hypervisor if "hypervisor" in flags.split() else "none seen",
        "governor": _read(f"{_CPU}/cpu0/cpufreq/scaling_governor"),
        "boost": _boost(),
        "library_variables": library_variables(),
        "git_commit": asked(ROOT, "rev-parse", "HEAD") or UNKNOWN,
        "git_dirty": UNKNOWN if status is None else bool(status),
    }
    return found | {name: value for name, value in msgspec.to_builtins(told or Told()).items() if value is not None}


def library_variables() -> dict[str, str]:
    return {name: value for name, value in sorted(os.environ.items()) if name.startswith(_OF_LIBRARIES)}


def caches() -> dict[str, str]:
    """The caches that the first CPU sees of those that we may use, where Linux describes them: {"L1d": "48K, shared by
    CPUs 0"}."""
    first = min(cores.allowed(), default=0)
    kinds = {"Data": "d", "Instruction": "i"}
    return {
        f"L{_read(folder / 'level')}{kinds.get(_read(folder / 'type'), '')}": (
            f"{_read(folder / 'size')}, shared by CPUs {_read(folder / 'shared_cpu_list')}"
        )
        for folder in sorted(Path(f"{_CPU}/cpu{first}/cache").glob("index*"))
    }


def cache_bytes(described: Mapping[str, object] | None = None) -> dict[str, int]:
    """The sizes of the caches that hold data, L1d, L2, L3, without those that are unknown: of this machine, or of the
    one whose caches() these were."""
    units = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
    every = caches() if described is None else described
    sizes = {name: re.match(r"(\d+)([KMG]?)(?=,|$)", str(text)) for name, text in every.items()}
    return {name: int(size[1]) * units[size[2]] for name, size in sizes.items() if size and not name.endswith("i")}


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip() or UNKNOWN
    except OSError:
        return UNKNOWN


def _cpu_field(key: str) -> str:
    match = re.search(rf"^{key}\s*: *(.+)$", _read("/proc/cpuinfo"), flags=re.M)
    return match[1].strip() if match else UNKNOWN


def _instruction_sets() -> str:
    """The CPU's vector and matrix extensions, as Linux names them."""
    flags = _cpu_field("flags") if platform.machine() == "x86_64" else _cpu_field("Features")
    vector = re.compile(r"(sse|ssse|avx|fma|f16c|amx|asimd|neon|sve)")
    return " ".join(sorted(flag for flag in flags.split() if vector.match(flag))) or UNKNOWN


def _boost() -> str:
    """Whether the clock may rise above the nominal one."""
    turbo_off = _read(f"{_CPU}/intel_pstate/no_turbo")
    setting = {"0": "1", "1": "0"}.get(turbo_off) or _read(f"{_CPU}/cpufreq/boost")
    return {"0": "off", "1": "on"}.get(setting, UNKNOWN)
