"""Answers as a benchmark binary does: a stand-in for the program FAKE_PROGRAM of build/release/bench.

FAKE, words of the form <cell>:<behaviour>, makes cells misbehave; FAKE_CALLS names the file that notes each cell. A
cell is 4x8x2 of causal_mean, and causal_mean_openblas/4x8x2 of any other program.
"""

import json
import os
import sys
import time
from pathlib import Path

PROGRAM = os.environ.get("FAKE_PROGRAM", "causal_mean")
OPERATION, _, LIBRARY = PROGRAM.rpartition("_") if PROGRAM.endswith(("_openblas", "_torch")) else (PROGRAM, "", "")
OURS = [("scalar_loop", "scalar", 4e-6), ("running_sum", "auto-avx2", 2e-6), ("prefix_mean", "avx2", 1e-6)]
VARIANTS = [(f"{LIBRARY}_strmm", "peer", 3e-6)] if LIBRARY else OURS
ABSENT = ("prefix_mean", "neon", None)


def name(variant, shape):
    b, t, c = shape.split("x")
    return f"{OPERATION}/{variant[0]}/{variant[1]}/f32/B:{b}/T:{t}/C:{c}/omp:1"


def row(variant, shape, behaviour):
    entry = {
        "name": name(variant, shape) + "/real_time",
        "run_type": "iteration",
        "iterations": 10000,
        "real_time": variant[2] * 1e6,
        "cpu_time": float("nan") if behaviour == "nan" else 1.0,
        "time_unit": "us",
        "error_over_bound": 0.25,
        "of_limit": 1.2 if behaviour == "above" else 0.9,
        "limit_seconds": variant[2] * 0.9,
        "peak_flops_per_second": 1e11,
        "cpu_share": 0.51 if behaviour == "shared" else 0.99,
    }
    if behaviour in ("wrong", "broken_off") and variant[0] == "prefix_mean":
        entry |= {"error_occurred": True, "error_message": "error_over_bound 3 at row 1; repeat with: x"}
    return entry


def list_rows(shapes):
    rows = [(variant, shape, "") for shape in shapes for variant in VARIANTS]
    rows += [(ABSENT, shape, "no NEON") for shape in shapes if not LIBRARY]
    fields = [
        {"name": name(variant, shape), "skipped": why, "bytes": 512.0, "predicted_seconds": variant[2]}
        for variant, shape, why in rows
    ]
    print(json.dumps({"operation": OPERATION, "rows": fields}))


def measure(shape, flags):
    cell = shape if PROGRAM == "causal_mean" else f"{PROGRAM}/{shape}"
    behaviour = dict(word.split(":") for word in os.environ.get("FAKE", "").split()).get(cell, "")
    with Path(os.environ["FAKE_CALLS"]).open("a") as calls:
        calls.write(f"{cell}\n")
    rows = [
        row(variant, shape, behaviour) for _ in range(int(flags["--benchmark_repetitions"])) for variant in VARIANTS
    ]
    rows.append(rows[0] | {"run_type": "aggregate", "error_over_bound": 99.0, "real_time": 1e9})
    context = {"trilbench_build_type": "Release", "library_path": os.environ.get("LD_LIBRARY_PATH", "")}
    text = json.dumps({"context": context, "benchmarks": rows}, indent=1)
    out = Path(flags["--benchmark_out"])
    part = Path(f"{out}.part")
    part.write_text(text[: len(text) // 2] if behaviour == "full_disk" else text)
    if behaviour == "hang":
        time.sleep(600)
    if behaviour == "crash":
        os.abort()
    part.rename(out)
    return {"wrong": 2, "broken_off": 1}.get(behaviour, 0)


def main():
    flags = dict(word.partition("=")[::2] for word in sys.argv[1:])
    flags.setdefault("--shapes", "quick")
    if flags.get("--data") == "bad":
        sys.exit("causal_mean: there is no data 'bad'; see --help")
    if flags.get("--only") in ("triangle", "product") and flags["--only"] not in PROGRAM:
        sys.exit(f"{OPERATION}: there is no {flags['--only']}")
    if LIBRARY and "--only" in flags:
        sys.exit(f"{OPERATION}: there is only {LIBRARY}_strmm")
    shapes = ["4x8x2", "8x16x4"] if flags["--shapes"] in ("quick", "full") else flags["--shapes"].split(",")
    if "--machine" in flags:
        return print(json.dumps({"cores_allowed": 3, "cores_quota": 1.5, "emulated": None}))
    if "--list" in flags and "list:crash" in os.environ.get("FAKE", "") and LIBRARY:
        os.abort()
    if "--list" in flags:
        return list_rows(shapes)
    return measure(shapes[0], flags)


if __name__ == "__main__":
    sys.exit(main())
