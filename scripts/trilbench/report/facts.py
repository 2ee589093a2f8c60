"""What is known of the machine, the build and the moment, as labelled lines. What is not says unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trilbench.machine import UNKNOWN
from trilbench.results.run import Manifest, SideRecord
from trilbench.results.units import binary_bytes

Lines = tuple[tuple[str, str], ...]  # label and text

_MACHINE = {
    "cpu": "CPU",
    "architecture": "architecture",
    "cores": "cores",
    "cores_allowed": "cores allowed",
    "caches": "caches of the first core",
    "memory_bytes": "memory",
    "page_size": "page size",
    "kernel": "kernel",
    "hypervisor": "hypervisor",
    "governor": "frequency governor",
}
_PROGRAM = {
    "compiler": "compiler",
    "trilbench_build_type": "build type of what is measured",
    "library_build_type": "build type of Google Benchmark",
    "google_benchmark_version": "Google Benchmark",
    "xsimd_version": "xsimd",
    "isa_supported": "instruction sets of this CPU",
    "cores_quota": "quota of processor time, in cores",
    "cache_state": "caches while measured",
    "alignment": "alignment of the arrays",
    "data": "inputs that are timed",
    "seed": "seed of the inputs",
    "transparent_huge_pages": "transparent huge pages",
}
_OPENMP = ("OMP_WAIT_POLICY", "OMP_PROC_BIND", "OMP_PLACES", "OMP_DYNAMIC")
_STATES = {
    "busy_cores": "cores that other programs kept busy",
    "steal": "share of time that the hypervisor took",
    "load_average": "load average of a minute",
    "cpu_pressure_avg10": "CPU pressure of ten seconds, %",
}
_TOLD_ELSEWHERE = {"note", "caches", "num_cpus", "mhz_per_cpu", "cpu_scaling_enabled", "json_schema_version", *_MACHINE}


@dataclass(frozen=True)
class Facts:
    """Lines under a title."""

    title: str
    lines: Lines


def facts(manifest: Manifest) -> tuple[Facts, ...]:
    """Everything about the run's surroundings, the most asked for first."""
    own = manifest.environment
    program = own.get("program", {})
    flags = {key: key.removeprefix("flags_") for key in sorted(program) if key.startswith("flags_")}
    openmp = {key: key for key in (*_OPENMP, *program) if key.startswith("OMP_")}
    told = {*_PROGRAM, *openmp, *flags, *_TOLD_ELSEWHERE}
    others = {key: key for key in program if key not in told}
    return (
        machine_facts(own),
        Facts("Program", (("commit", _commit(own)), *_labelled(_PROGRAM | others, program))),
        Facts("Threads (OpenMP)", _labelled(openmp, program)),
        Facts("Compiler flags", _labelled(flags, program)),
        Facts("Run", _run(manifest)),
        Facts("How busy the machine was", tuple(_states(manifest))),
    )


def machine_facts(environment: Mapping[str, Any]) -> Facts:
    """What a comparison or a run knows of the machine."""
    return Facts("Machine", _labelled(_MACHINE, environment))


def differences(base: SideRecord, head: SideRecord) -> tuple[tuple[str, str, str], ...]:
    """The two sides of a comparison beside each other: what, of base, of head. What neither knows is left out."""
    lines = [("named", base.label, head.label), ("is", base.what, head.what)]
    sides = [_flat(side.context) for side in (base, head)]
    flags = {key: f"flags for {key[6:]}" for key in sorted({*sides[0], *sides[1]}) if key.startswith("flags_")}
    for key, label in ({"git_commit": "commit"} | _PROGRAM | flags | _MACHINE).items():
        if any(key in side for side in sides):
            lines.append((label, *(_value(key, side.get(key, UNKNOWN)) for side in sides)))
    programs = dict.fromkeys([*base.binaries, *head.binaries])
    lines += [(f"SHA-256 of {name}", *(side.binaries.get(name, "none") for side in (base, head))) for name in programs]
    return tuple(lines)


def _flat(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a program, or a run and its programs, say of themselves, in one level."""
    inner = context.get("program")
    return {**context, **(inner if isinstance(inner, Mapping) else {})}


def _states(manifest: Manifest) -> Iterable[tuple[str, str]]:
    for key, label in _STATES.items():
        before, after = (_text(state.get(key, UNKNOWN)) for state in (manifest.state_before, manifest.state_after))
        yield label, f"{before} before the run, {after} after it"


def _labelled(labels: Mapping[str, str], values: Mapping[str, Any]) -> Lines:
    return tuple((label, _value(key, values.get(key, UNKNOWN))) for key, label in labels.items())


def _value(key: str, value: Any) -> str:
    is_size = key in ("memory_bytes", "page_size") and isinstance(value, int | float)
    return binary_bytes(value) if is_size else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_text(part)}" for key, part in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(_text, value))
    return str(value).strip() or "none"


def _commit(environment: Mapping[str, Any]) -> str:
    dirty = {True: ", with changes that are not committed", False: ", unchanged"}
    state = dirty.get(environment.get("git_dirty", UNKNOWN), ", unknown whether changed")
    return f"{environment.get('git_commit', UNKNOWN)}{state}"


def _run(manifest: Manifest) -> Lines:
    return (
        ("started", manifest.started),
        ("finished", manifest.finished or "not finished"),
        ("mode", f"{manifest.mode}, {manifest.repetitions} repetitions"),
        ("longest call", f"{manifest.max_call:g} s"),
        ("flags of the binaries", " ".join(manifest.flags) or "none"),
        ("time that the hypervisor took meanwhile", UNKNOWN if manifest.steal is None else f"{manifest.steal:.1%}"),
        *((f"SHA-256 of {name}", digest) for name, digest in manifest.binaries.items()),
    )
