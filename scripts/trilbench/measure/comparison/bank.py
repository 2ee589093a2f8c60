"""A bank of rounds of builds whose truth is known: the same program, the same again, the same code linked in another
order, and the same with one kernel slowed."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from trilbench.compute.comparison.design import orders
from trilbench.measure.binary import Program
from trilbench.measure.comparison.rounds import Part, measure_round
from trilbench.measure.comparison.runner import runner
from trilbench.model.comparison import Round

OPERATION = "causal_mean"
SLOWED_WAY = "tril_gemm/avx2"
SHARES = (0.03, 0.05, 0.10)


def slowed_side(share: float) -> str:
    return f"slower by {share:.0%}"


def sides(plain: Path, relinked: Path, calls: Mapping[str, int], scratch: Path) -> dict[str, Sequence[Part]]:
    """What each side runs: `plain` and `relinked` are folders of binaries."""

    def part(path: Path, **variables: str) -> Sequence[Part]:
        return (Part(runner(Program(path, OPERATION, environment=variables), scratch, ()), calls),)

    return {
        "base": part(plain / OPERATION),
        "again": part(plain / OPERATION),
        "relinked": part(relinked / OPERATION),
        **{
            slowed_side(share): part(plain / "slowed", TRILBENCH_SLOWED=f"{SLOWED_WAY}={share:g}") for share in SHARES
        },
    }


def measure_bank(
    parts: Mapping[str, Sequence[Part]], sentinels: Part, seconds: float, seed: int, report: Callable[[int, int], None]
) -> Iterator[tuple[Round, Mapping[str, Mapping[str, float]]]]:
    """Rounds of all sides until the time is up; `report` is told how many are done, and of how many."""
    began = time.monotonic()
    for done, order in enumerate(orders([*parts], 10**6, seed)):
        elapsed = time.monotonic() - began
        if done and elapsed + elapsed / done > seconds:
            return
        report(done, round(seconds / elapsed * done) if done else 0)
        yield measure_round(parts, order, sentinels)
