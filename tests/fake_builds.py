"""Build folders with stand-ins for the benchmark binaries, for scripts/compare."""

import json
import sys
from pathlib import Path

FAKE = Path(__file__).parent / "fake_comparable.py"
MEAN = "causal_mean/prefix_mean/avx2/f32/B:4/T:8/C:2/omp:1"
SUM = "causal_mean/running_sum/auto-avx2/f32/B:4/T:8/C:2/omp:1"
MACHINE = {
    f"machine/{variant}/avx2/f32/N:{n}/omp:1": {"seconds": 1e-4} for variant, n in (("fma", 8192), ("copy", 4194304))
}


def program(folder, name):
    """A stand-in for a binary, with the rows that the folder's rows.json names."""
    path = folder / name
    path.write_text(f'#!/bin/sh\nFAKE_PLACE={folder} FAKE_PROGRAM={name} exec {sys.executable} -IS {FAKE} "$@"\n')
    path.chmod(0o755)


def build_folder(place, **rows):
    """A build folder with a binary of the given rows: prefix_mean=2e-6, or a dictionary that says more."""
    (place / "bench").mkdir(parents=True)
    (place / "CMakeCache.txt").touch()
    full = {MEAN: {"seconds": 1e-6}, SUM: {"seconds": 2e-6}}
    for variant, says in rows.items():
        name = next(name for name in full if f"/{variant}/" in name)
        full[name] |= says if isinstance(says, dict) else {"seconds": says}
    kept = {name: row for name, row in full.items() if not row.get("absent")}
    (place / "bench" / "rows.json").write_text(json.dumps({"causal_mean": kept, "machine": MACHINE}))
    program(place / "bench", "causal_mean")
    program(place / "bench", "machine")
    return place
