"""A bank of rounds of builds whose truth is known: the same program, the same again, the same code linked in another
order, and the same with one kernel slowed."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from trilbench.compare.floors import BASE
from trilbench.compare.record import Round
from trilbench.compare.rounds import Part, measure_round, orders
from trilbench.compare.runner import runner
from trilbench.setup.binary import Program

OPERATION = "causal_mean"
SLOWED = "tril_gemm"
MOST_ROUNDS = 10_000
SHARES = (0.03, 0.05, 0.10)
AGAIN, RELINKED = EQUALS = ("again", "relinked")  # sides that run the same code as the base


def slowed_side(share: float) -> str:
    return f"slower by {share:.0%}"


def slowed_variant(benchmarks: Iterable[str]) -> str:
    """The variant that is made slower: its implementation and instruction set. Raises StopIteration if none of the
    benchmarks is of that kernel."""
    return next(f"{SLOWED}/{isa}" for _, own, isa, *_ in (name.split("/") for name in benchmarks) if own == SLOWED)


def sides(plain: Path, relinked: Path, calls: Mapping[str, int], scratch: Path) -> dict[str, Sequence[Part]]:
    """What each side runs: `plain` and `relinked` are folders of binaries."""

    def part(path: Path, **variables: str) -> Sequence[Part]:
        return (Part(runner(Program(path, OPERATION, environment=variables), scratch, ()), calls),)

    variant = slowed_variant(calls)
    return {
        BASE: part(plain / OPERATION),
        AGAIN: part(plain / OPERATION),
        RELINKED: part(relinked / OPERATION),
        **{slowed_side(share): part(plain / "slowed", TRILBENCH_SLOWED=f"{variant}={share:g}") for share in SHARES},
    }


def measure_bank(
    parts: Mapping[str, Sequence[Part]], sentinels: Part, seconds: float, seed: int, report: Callable[[int, int], None]
) -> Iterator[tuple[Round, Mapping[str, Mapping[str, float]]]]:
    """Rounds of all sides until the time is up; `report` is told how many are done, and of how many."""
    began = time.monotonic()
    for done, order in enumerate(orders([*parts], MOST_ROUNDS, seed)):
        elapsed = time.monotonic() - began
        if done and elapsed + elapsed / done > seconds:
            return
        report(done, round(seconds / elapsed * done) if done else 0)
        yield measure_round(parts, order, sentinels)
