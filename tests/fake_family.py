"""A made-up run of the whole family of operations: their shapes, variants and libraries, for what is made of such
a run."""

import fake_run
from fake_run import row
from msgspec.structs import replace
from trilbench.results.run import CellRecord, NamedReason, Status

SHAPES = {
    "causal_mean": ("4x8x2", "8x256x64", "8x1024x64", "4x2048x128", "1x4096x384"),
    "tril_matmul": ("4x8x2", "8x256x64", "8x1024x64", "1x4096x64"),
    "causal_softmax": ("8", "256", "1024", "4096"),
    "causal_weighted_mean": ("4x8x2", "8x256x64", "8x1024x64"),
    "broadcast_matmul": ("3x1x2x2@5x2x3", "6x4x2@3x1x2x2", "64x64x64@64x64x64"),
    "causal_attention": ("1x2x8x4", "1x8x1024x64", "1x8g2x1024x64", "1x8g2x4096x128"),
    "attention_decode": ("1x8x1024x64", "8x8g2x1024x64", "1x8g2x4096x64"),
}
AXES = {"causal_softmax": "T", "broadcast_matmul": "XY", "causal_attention": "BHTD", "attention_decode": "BHTD"}
# Seconds at the first shape; at each further one thirty times as many, of the loop more, of one library fewer.
VARIANTS = {
    "causal_mean": {"running_sum": 1e-7, "prefix_mean": 7e-8, "tril_gemm": 2e-7, "masked_softmax": 3e-7},
    "tril_matmul": {"tril_gemm": 9e-8},
    "causal_softmax": {"three_pass": 2e-7, "online": 2.5e-7, "overlapped": 1e-7},
    "causal_weighted_mean": {"softmax_gemm": 3e-7, "fused": 2e-7},
    "broadcast_matmul": {"batched_gemm": 1e-7},
    "causal_attention": {"softmax_gemm": 3e-7, "fused": 2e-7},
    "attention_decode": {"fused": 2e-7},
}
ISAS = {"sse2": 1.0, "avx2": 0.6, "avx512": 0.5}
LIBRARIES = {"openblas_sgemm": 3e-7, "openblas_strmm": 4e-7, "eigen_dense": 3.5e-7, "torch_matmul": 4e-6}
GROWTH = 30


def rows(threads=1):
    """Of all operations, with every counter, and of the machine."""
    made = []
    for operation, shapes in SHAPES.items():
        loop, others = {"scalar_loop": 5e-7}, VARIANTS[operation]
        for i, shape in enumerate(shapes):
            least = 0.9 * min(others.values()) * ISAS["avx512"] * GROWTH**i
            plain = {**loop, **{name: s for name, s in others.items() if name == "running_sum"}}
            seconds = {}
            for name, first in plain.items():
                steep = 2**i if name == "scalar_loop" else 1
                seconds[f"{name}/scalar"] = first * steep * GROWTH**i
                seconds |= {f"{name}/auto-{isa}": first * steep * GROWTH**i * s / 1.1 for isa, s in ISAS.items()}
            for name, first in others.items():
                if name not in plain:
                    seconds |= {f"{name}/{isa}": first * GROWTH**i * s for isa, s in ISAS.items()}
            for name, first in LIBRARIES.items():
                seconds[f"{name}/peer"] = first * GROWTH**i / (1 + 8 * i * (name == "torch_matmul"))
            axes = AXES.get(operation, "BTC")
            made += [
                row(
                    variant,
                    time,
                    shape=shape,
                    operation=operation,
                    axes=axes,
                    threads=threads,
                    least=least,
                    of_peak=0.8 * least / time,
                    bytes_per_second=1e3 * GROWTH**i / time,
                    flops_per_second=1e4 * GROWTH**i / time,
                    error_over_bound=2.5 if variant.startswith("torch") else 0.25,
                )
                for variant, time in seconds.items()
                if time < 0.2
            ]
    return [*made, *fake_run.limits(threads)]


def manifest(**changes):
    cells = [
        CellRecord(operation, shape, 1, status=Status.DONE, seconds=1.5)
        for operation, shapes in SHAPES.items()
        for shape in shapes
    ]
    absent = [each for each in rows() if each.name.isa == "avx512"]
    skipped = [NamedReason(each.name.text.replace("avx512", "neon"), "compiled for ARM") for each in absent]
    return replace(
        fake_run.manifest(),
        **{
            "operations": (*SHAPES, "machine"),
            "cells": tuple(cells),
            "skipped": tuple(skipped),
            "peers": True,
            "command": "scripts/bench --quick --peers",
        }
        | changes,
    )
