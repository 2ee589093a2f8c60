"""The machine, from what Linux tells every user. What cannot be known is "unknown"."""

import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trilbench.git import asked
from trilbench.machine import UNKNOWN, cores
from trilbench.paths import ROOT

# By which users, or whoever set up their machine, tell libraries what to run.
_OF_LIBRARIES = ("OPENBLAS_", "MKL_", "ATEN_CPU_CAPABILITY", "ONEDNN_", "DNNL_", "BLAS_NUM_THREADS")


# What a program knows better, which asks as it runs.
_TOLD = ("cores_allowed", "cores_quota", "page_size", "transparent_huge_pages", "emulated")


def environment(told: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What stays the same during a run. `told` is what a program says of the machine (--machine), and counts."""
    known = {name: told[name] for name in _TOLD if told and told.get(name) is not None}
    return _asked() | known


def _asked() -> dict[str, Any]:
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or UNKNOWN,
        "cores_allowed": cores.allowed_count(),
        "instruction_sets": _instruction_sets(),
        "microcode": _cpu_field("microcode"),
        "simultaneous_multithreading": _read("/sys/devices/system/cpu/smt/control"),
        "caches": _caches(),
        "page_size": os.sysconf("SC_PAGESIZE"),
        "transparent_huge_pages": _read("/sys/kernel/mm/transparent_hugepage/enabled"),
        "transparent_huge_page_defrag": _read("/sys/kernel/mm/transparent_hugepage/defrag"),
        "huge_pages_reserved": _read("/proc/sys/vm/nr_hugepages"),
        "memory_bytes": os.sysconf("SC_PAGESIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()}",
        "distribution": _distribution(),
        "c_library": " ".join(platform.libc_ver()).strip() or UNKNOWN,
        "python": platform.python_version(),
        "architecture": platform.machine(),
        "hypervisor": _hypervisor(),
        "governor": _read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "boost": _boost(),
        "library_variables": library_variables(),
        "git_commit": asked(ROOT, "rev-parse", "HEAD") or UNKNOWN,
        "git_dirty": _dirty(),
    }


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip() or UNKNOWN
    except OSError:
        return UNKNOWN


def library_variables() -> dict[str, str]:
    return {name: value for name, value in sorted(os.environ.items()) if name.startswith(_OF_LIBRARIES)}


def _cpu_field(key: str) -> str:
    match = re.search(rf"^{key}\s*: *(.+)$", _read("/proc/cpuinfo"), flags=re.M)
    return match[1].strip() if match else UNKNOWN


def _cpu_model() -> str:
    model = _cpu_field("model name")
    return model if model != UNKNOWN else _cpu_field("CPU part")  # aarch64 has no model name


def _instruction_sets() -> str:
    """The CPU's vector and matrix extensions, as Linux names them."""
    flags = _cpu_field("flags") if platform.machine() == "x86_64" else _cpu_field("Features")
    vector = re.compile(r"(sse|ssse|avx|fma|f16c|amx|asimd|neon|sve)")
    return " ".join(sorted(flag for flag in flags.split() if vector.match(flag))) or UNKNOWN


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", UNKNOWN)
    except OSError:
        return UNKNOWN


def _boost() -> str:
    """Whether the clock may rise above the nominal one."""
    turbo_off = _read("/sys/devices/system/cpu/intel_pstate/no_turbo")
    setting = {"0": "1", "1": "0"}.get(turbo_off) or _read("/sys/devices/system/cpu/cpufreq/boost")
    return {"0": "off", "1": "on"}.get(setting, UNKNOWN)


def _cache_folders() -> list[tuple[str, Path]]:
    """The caches that the first CPU sees: L1d, L1i, L2, L3, and where Linux describes them."""
    kinds = {"Data": "d", "Instruction": "i"}
    folders = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"))
    return [(f"L{_read(folder / 'level')}{kinds.get(_read(folder / 'type'), '')}", folder) for folder in folders]


def _caches() -> dict[str, str]:
    found = {
        name: f"{_read(folder / 'size')}, shared by CPUs {_read(folder / 'shared_cpu_list')}"
        for name, folder in _cache_folders()
    }
    return found or {"all": UNKNOWN}


def cache_bytes() -> dict[str, int]:
    """The sizes of the caches that hold data, from the smallest: L1d, L2, L3; without those that are unknown."""
    units = {"K": 2**10, "M": 2**20, "G": 2**30}
    sizes = {name: re.fullmatch(r"(\d+)([KMG])", _read(folder / "size")) for name, folder in _cache_folders()}
    return {name: int(size[1]) * units[size[2]] for name, size in sizes.items() if size and not name.endswith("i")}


def _hypervisor() -> str:
    if "hypervisor" not in _cpu_field("flags").split():
        return "none seen" if _cpu_field("flags") != UNKNOWN else UNKNOWN
    vendor = _read("/sys/class/dmi/id/sys_vendor")
    return "yes, of unknown make" if vendor == UNKNOWN else vendor


def _dirty() -> bool | str:
    status = asked(ROOT, "status", "--porcelain")
    return UNKNOWN if status is None else bool(status)
