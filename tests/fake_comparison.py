"""Made-up comparisons, for the tests of what is made of them."""

from trilbench.compare.record import Calibration, Comparison, Measured, Moment, Round, Trial
from trilbench.results.run import SideRecord

ROUNDS = 21
NOISE = tuple(1 + 0.001 * (i % 5) for i in range(ROUNDS))


def measured(name, head=1.0, **changes):
    """A benchmark whose head takes `head` times as long as its base: a number, or one for each round."""
    factors = [head] * ROUNDS if isinstance(head, float) else head
    base = tuple(1e-3 for _ in factors)
    times = tuple(1e-3 * factor * noise for factor, noise in zip(factors, NOISE, strict=True))
    return Measured(name, 10, base, times, **changes)


def rounds(number, **trouble):
    """So many; `base` and `head` may say what differs in their moments."""
    quiet = {"seconds": 1.0, "sentinels": {"fma": 1e-3, "copy": 1e-3}, "others": 0.1, "steal": 0.0}
    sides = {side: Moment(**quiet | trouble.get(side, {})) for side in ("base", "head")}
    return tuple(Round(("base", "head"), sides) for _ in range(number))


def comparison(*benchmarks, **changes):
    return Comparison(
        **{
            "command": "scripts/compare main HEAD",
            "started": "2026-01-02T03:04:05+00:00",
            "base": SideRecord("main", "commit 0123456789ab: Add a kernel", {"causal_mean": "ab"}),
            "head": SideRecord("HEAD", "commit ba9876543210: Change a kernel", {"causal_mean": "cd"}),
            "margin": 0.05,
            "alpha": 0.05,
            "benchmarks": benchmarks,
            "rounds": rounds(ROUNDS),
        }
        | changes
    )


def calibration(**changes):
    return Calibration(
        **{
            "started": "2026-01-01T00:00:00+00:00",
            "machine": "a-cpu",
            "commit": "0123456789abcdef",
            "rounds": 420,
            "disturbed": 3,
            "seconds": 3500.0,
            "rounds_each": 21,
            "trials": (
                Trial("the same program again", 0.05, 20, red=0, wrong=1, found=None, untold=0),
                Trial("tril_gemm/avx2 slower by 10%", 0.05, 20, red=0, wrong=0, found=20, untold=0),
            ),
            "hog": "cannot tell: 7 of 21 rounds were disturbed",
            "floors": {"a": 0.02, "b": 0.01},
            "spreads": {"a": 0.03, "b": 0.02},
            "autocorrelations": {"a": 0.1, "b": 0.0},
        }
        | changes
    )
