"""A made-up run: rows with every counter, and a manifest, for the tests of what is made of a run."""

import csv
from pathlib import Path

from trilbench.results.names import parse_name
from trilbench.results.rows import Repetition, RowResult
from trilbench.results.run import CellRecord, Manifest, NamedReason, Status

SHAPES = ("4x8x2", "8x256x64", "8x1024x64", "4x2048x128", "1x4096x384")
NOISE = (0.98, 1.0, 1.01)  # of a time, repetition by repetition


def row(variant, seconds, shape="4x8x2", operation="causal_mean", threads=1, axes="BTC", noise=NOISE, **counters):
    """`variant` as implementation/isa; counters are the same in each repetition, but `least` seconds give of_limit."""
    parts = shape.split("@" if "@" in shape else "x")
    sizes = "/".join(f"{axis}:{size}" for axis, size in zip(axes, parts, strict=True))
    name = parse_name(f"{operation}/{variant}/f32/{sizes}/omp:{threads}")
    least = counters.pop("least", None)
    repetitions = []
    for factor in noise:
        time = seconds * factor
        own = {"of_limit": least / time} if least else {}
        repetitions.append(Repetition(time, 10, {"omp_threads": threads, "error_over_bound": 0.25, **own, **counters}))
    return RowResult(name, tuple(repetitions), "")


LEAST = 0.93e-6  # the time that the machine allows
LOOP = row("scalar_loop/scalar", 8e-6, least=LEAST)
SUM = row("running_sum/auto-avx2", 2e-6, least=LEAST)
MEAN = row("prefix_mean/avx2", 1e-6, least=LEAST, of_peak=0.125)
WIDER_MEAN = row("prefix_mean/avx512", 1.001e-6, least=LEAST)
PEER = row("openblas_strmm/peer", 4e-6, least=LEAST)
ROWS = [LOOP, SUM, MEAN, WIDER_MEAN, PEER]


def failed(variant, shape="4x8x2", error="error_over_bound 3 at row 1"):
    b, t, c = shape.split("x")
    return RowResult(parse_name(f"causal_mean/{variant}/f32/B:{b}/T:{t}/C:{c}/omp:1"), (), error)


def limits(threads=1):
    """Rows of the operation `machine`."""
    own = {"operation": "machine", "axes": "N", "threads": threads}
    return [
        row("copy/avx2", 1e-6, "4096", bytes_per_second=112e9, flops_per_second=0.0, **own),
        row("copy/avx2", 1e-3, "2097152", bytes_per_second=40.5e9, flops_per_second=0.0, **own),
        row("fma/avx2", 1e-5, "4096", bytes_per_second=1e9, flops_per_second=58.6e9, **own),
    ]


def manifest(**changes):
    return Manifest(
        **{
            "command": "scripts/bench --quick",
            "mode": "quick",
            "operations": ("causal_mean",),
            "flags": (),
            "max_call": 0.2,
            "repetitions": 3,
            "started": "2026-01-02T03:04:05+00:00",
            "finished": "2026-01-02T03:05:06+00:00",
            "environment": {"cpu": "A CPU", "git_commit": "0123456789abcdef", "git_dirty": False},
            "cells": (CellRecord("causal_mean", "4x8x2", 1, status=Status.DONE),),
            "skipped": (NamedReason("causal_mean/prefix_mean/neon/f32/B:4/T:8/C:2/omp:1", "no NEON"),),
        }
        | changes
    )


def read_csv(path):
    """The lines of a file that was made of the run."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
