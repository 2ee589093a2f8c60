"""Made-up histories, for the tests of scripts/history: runs of one machine whose true times are known."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import fake_run
import numpy as np
from msgspec.structs import replace
from trilbench.history.store import keep
from trilbench.results.run import CellRecord, Status, write_manifest

ENVIRONMENT = {
    "cpu": "A CPU(R) @ 2.00GHz",
    "cores": 2,
    "instruction_sets": "avx avx2 fma",
    "caches": {"L1d": "48K, shared by CPUs 0", "L3": "8M, shared by CPUs 0-1"},
    "hypervisor": "none seen",
    "git_dirty": False,
    "kernel": "Linux 6.1",
}
PROGRAM = {
    "compiler": "GNU 12.2.0",
    "trilbench_build_type": "Release",
    "cache_state": "warm",
    "alignment": "64 bytes",
    "OMP_PROC_BIND": "close",
    "flags_avx2": " -mavx2 -O3",
}
VARIANT = "prefix_mean/avx2"
NAME = f"causal_mean/{VARIANT}/f32/B:4/T:8/C:2/omp:1"


def commit(number):
    return hashlib.sha1(str(number).encode()).hexdigest()


def manifest(number, program=PROGRAM, environment=(), binary=None, **changes):
    """The manifest of the number-th run: a day after the one before, of a commit and a binary of its own."""
    started = datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=number)
    known = ENVIRONMENT | {"git_commit": commit(number), "program": dict(program)} | dict(environment)
    settings = {
        "started": started.isoformat(),
        "environment": known,
        "binaries": {"causal_mean": binary or f"binary {number}"},
    }
    return fake_run.manifest(**settings | changes)


def kept(number, seconds=1e-6, rows=None, **changes):
    """The run as the history keeps it; `seconds` of prefix_mean/avx2, or other rows."""
    found = [fake_run.row(VARIANT, seconds, least=1e-6)] if rows is None else rows
    return keep(manifest(number, **changes), found)


def noisy(levels, noise=0.01, seed=0):
    """Seconds round the levels."""
    return [level * np.exp(value) for level, value in zip(levels, _draw(len(levels), noise, seed), strict=True)]


def _draw(number, noise, seed):
    return np.random.default_rng(seed).normal(0, noise, number)


def write_folder(folder, rows, made):
    """A run's folder as scripts/bench leaves it, with one cell for each shape."""
    folder.mkdir()
    cells = {}
    for row in rows:
        cell = CellRecord(row.name.operation, row.name.shape, row.name.threads, status=Status.DONE, seconds=1.0)
        cells.setdefault(cell, []).append(row)
    for cell, of_cell in cells.items():
        entries = [
            {
                "name": f"{row.name.text}/real_time",
                "iterations": repetition.iterations,
                "real_time": repetition.seconds * 1e9,
                "time_unit": "ns",
                **repetition.counters,
            }
            for row in of_cell
            for repetition in row.repetitions
        ]
        (folder / cell.file).parent.mkdir(parents=True, exist_ok=True)
        document = {"context": made.environment["program"], "benchmarks": entries}
        (folder / cell.file).write_text(json.dumps(document), encoding="utf-8")
    write_manifest(folder, replace(made, cells=tuple(cells)))
    return folder
