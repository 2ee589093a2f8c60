"""Answers as a benchmark binary of the suite does when scripts/compare calls it. The file `rows.json` in FAKE_PLACE
says what FAKE_PROGRAM has: each row's seconds, and what goes wrong with it."""

import json
import os
import sys
import time
from pathlib import Path

HERE = Path(os.environ["FAKE_PLACE"])
PROGRAM = os.environ["FAKE_PROGRAM"]
ROWS = json.loads((HERE / "rows.json").read_text())["machine" if PROGRAM == "machine" else "causal_mean"]


def named(name):
    return {"name": name, "skipped": "", "bytes": 512.0, "predicted_seconds": ROWS[name]["seconds"]}


def entries(name, calls):
    row = ROWS[name]
    if row.get("fails"):
        return [
            {"name": f"{name}/real_time", "run_type": "iteration", "error_occurred": True, "error_message": "wrong"}
        ]
    variant, _, share = os.environ.get("TRILBENCH_SLOWED", "").partition("=")
    slower = 1 + float(share) if variant and f"/{variant}/" in name else 1.0
    entry = {
        "name": f"{name}/real_time",
        "run_type": "iteration",
        "iterations": calls,
        "real_time": row["seconds"] * slower,
        "time_unit": "s",
        "error_over_bound": row.get("error", 0.25),
        "of_limit": 0.5,
        "cpu_share": row.get("cpu_share", 1.0),
    }
    return [entry | {"repetition_index": i} for i in range(3)]


def main():
    flags = dict(word.partition("=")[::2] for word in sys.argv[1:])
    if "--help" in flags:
        print("--benchmark_filter" if flags["--help"] else "--iterations=FILE")
        return 0
    if "--list" in flags:
        print(json.dumps({"operation": PROGRAM, "rows": [named(name) for name in ROWS]}))
        return 0
    if "--iterations" in flags:
        wanted = dict(line.split() for line in Path(flags["--iterations"]).read_text().splitlines())
        with (HERE / "rounds").open("a") as rounds:
            rounds.write(" ".join(f"{name} {calls}" for name, calls in wanted.items()) + "\n")
    else:
        wanted = {name: 1000 for name in ROWS if name in flags["--benchmark_filter"]}
    if any(ROWS[name].get("hangs") for name in wanted):
        time.sleep(600)
    benchmarks = [entry for name, calls in wanted.items() for entry in entries(name, int(calls))]
    text = json.dumps({"context": {"trilbench_build_type": "Release"}, "benchmarks": benchmarks})
    Path(flags["--benchmark_out"]).write_text(text)
    return 2 if any(ROWS[name].get("fails") for name in wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
