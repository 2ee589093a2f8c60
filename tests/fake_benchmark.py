"""Answers as a benchmark binary does: a stand-in for build/release/bench/causal_mean.

FAKE, words of the form <shape>:<behaviour>, makes cells misbehave; FAKE_CALLS names the file that notes each cell.
"""

import json
import os
import sys
import time
from pathlib import Path

WAYS = [("scalar_loop", "scalar", 4e-6), ("running_sum", "auto-avx2", 2e-6), ("prefix_mean", "avx2", 1e-6)]
ABSENT = ("prefix_mean", "neon", None)


def name(way, shape):
    b, t, c = shape.split("x")
    return f"causal_mean/{way[0]}/{way[1]}/f32/B:{b}/T:{t}/C:{c}/omp:1"


def row(way, shape, behaviour):
    entry = {
        "name": name(way, shape) + "/real_time",
        "run_type": "iteration",
        "iterations": 10,
        "real_time": way[2] * 1e6,
        "cpu_time": float("nan") if behaviour == "nan" else 1.0,
        "time_unit": "us",
        "error_over_bound": 0.25,
    }
    if behaviour in ("wrong", "broken_off") and way[0] == "prefix_mean":
        entry |= {"error_occurred": True, "error_message": "error_over_bound 3 at row 1; repeat with: x"}
    return entry


def list_rows(shapes):
    rows = [(way, shape, "") for shape in shapes for way in WAYS] + [(ABSENT, shape, "no NEON") for shape in shapes]
    fields = [
        {"name": name(way, shape), "skipped": why, "bytes": 512.0, "predicted_seconds": way[2]}
        for way, shape, why in rows
    ]
    print(json.dumps({"operation": "causal_mean", "rows": fields}))


def measure(shape, flags):
    behaviour = dict(word.split(":") for word in os.environ.get("FAKE", "").split()).get(shape, "")
    with Path(os.environ["FAKE_CALLS"]).open("a") as calls:
        calls.write(f"{shape}\n")
    rows = [row(way, shape, behaviour) for _ in range(int(flags["--benchmark_repetitions"])) for way in WAYS]
    rows.append(rows[0] | {"run_type": "aggregate", "error_over_bound": 99.0, "real_time": 1e9})
    text = json.dumps({"context": {"trilbench_build_type": "Release"}, "benchmarks": rows}, indent=1)
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
    if "--bad" in flags:
        sys.exit("causal_mean: unknown flag '--bad'; see --help")
    shapes = ["4x8x2", "8x16x4"] if flags["--shapes"] in ("quick", "full") else flags["--shapes"].split(",")
    if "--list" in flags:
        return list_rows(shapes)
    return measure(shapes[0], flags)


if __name__ == "__main__":
    sys.exit(main())
