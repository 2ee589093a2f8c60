"""Made-up comparisons with every verdict, for the tests of what is made of one."""

import random

from trilbench.compare.record import Comparison, Measured, Moment, Round
from trilbench.results.run import NamedReason, SideRecord

ROUNDS = 21
SENTINELS = {"machine/fma/avx2/f32/N:8192/omp:1": 3.7e-5, "machine/copy/avx2/f32/N:4194304/omp:1": 1.1e-3}


def name(variant, shape="8x256x64", operation="causal_mean", threads=1):
    b, t, c = shape.split("x")
    return f"{operation}/{variant}/f32/B:{b}/T:{t}/C:{c}/omp:{threads}"


def measured(benchmark, ratio, spread=0.003, rounds=ROUNDS, seconds=1e-6, **more):
    """A benchmark whose head takes `ratio` of base's time; each round strays by `spread`."""
    draw = random.Random(benchmark)
    base = tuple(seconds * (1 + draw.gauss(0, 0.01)) for _ in range(rounds))
    head = tuple(time * ratio * (1 + draw.gauss(0, spread)) for time in base)
    errors = {"base_error": 0.25, "head_error": 0.25, "base_of_limit": 0.5, "head_of_limit": 0.5 / ratio}
    return Measured(benchmark, 1000, base, head, **({"same_code": False} | errors | more))


SLOWER = measured(name("prefix_mean/avx2"), 1.12)
SLIGHTLY_SLOWER = measured(name("prefix_mean/avx512"), 1.03)
SAME_CODE = measured(name("tril_gemm/sse2"), 1.09, same_code=True)
NOISY = measured(name("scalar_loop/scalar"), 1.02, spread=0.3)
FASTER = measured(name("tril_gemm/avx2"), 0.8)
SAME = measured(name("masked_softmax/avx2"), 1.001)
LESS_ACCURATE = measured(name("running_sum/auto-avx2"), 1.0, head_error=0.9)
EVERY_VERDICT = (SLOWER, SLIGHTLY_SLOWER, SAME_CODE, NOISY, FASTER, SAME, LESS_ACCURATE)


def side(label, **context):
    known = {"compiler": "GNU 12.2.0", "flags_avx2": "-march=x86-64 -mavx2 -mfma -O3", "xsimd_version": "8.1.0"}
    return SideRecord(label, f"commit 0123456789ab: {label}", {"causal_mean": "5ha"}, known | context)


def rounds(number=ROUNDS, disturbed=()):
    """Rounds of which those at the places `disturbed` had other programs beside them."""
    found = []
    for i in range(number):
        others = 1.4 if i in disturbed else 0.05
        moments = {each: Moment(1.25, SENTINELS, others, 0.0) for each in ("base", "head")}
        found.append(Round(("base", "head") if i % 2 == 0 else ("head", "base"), moments))
    return tuple(found)


def comparison(**changes):
    return Comparison(
        **{
            "command": "scripts/compare main . --budget=300s",
            "started": "2026-01-02T03:04:05+00:00",
            "finished": "2026-01-02T03:09:05+00:00",
            "base": side("main"),
            "head": side(".", compiler="clang 14.0.6"),
            "margin": 0.05,
            "alpha": 0.05,
            "benchmarks": EVERY_VERDICT,
            "rounds": rounds(disturbed=(3,)),
            "failures": (NamedReason(name("tril_gemm/avx512"), "error_over_bound 3 at row 1"),),
            "added": (name("double_sum/scalar"),),
            "environment": {"cpu": "A CPU", "cores": 2},
        }
        | changes
    )
