"""The builds of a self-test, whose truth is known: the same program again, the same code linked in other orders, the
same with one kernel slowed. All measure what a comparison measures if nobody says what."""

import dataclasses
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from trilbench.compare.floors import BASE, LEAST_SLOWED_CALL, OPERATION
from trilbench.compare.rounds import SECONDS, Part
from trilbench.paths import BUILD, ROOT
from trilbench.results.names import parse_name
from trilbench.setup.build import build_source
from trilbench.stop import Exit, Stop

SHARES = (0.03, 0.05, 0.10)
AGAIN = "again"
ORDERS = ("order 1", "order 2", "order 3")  # of linking
EQUALS = (AGAIN, *ORDERS[:-1])  # sides that run the base's code, and from which floors are learned
HELD_OUT = ORDERS[-1]  # runs it too, and is judged by the others' floors alone, as a build is that nobody has seen yet


def slowed_side(share: float) -> str:
    return f"slower by {share:.0%}"


def slowed_variant(calls: Mapping[str, int]) -> str:
    """The variant that is made slower, as prefix_mean/avx2: of those that can be, one with the most benchmarks whose
    calls are long enough for it. `calls` are a repetition's."""
    names = [parse_name(name) for name, number in calls.items() if number and SECONDS / number >= LEAST_SLOWED_CALL]
    found = [name.variant for name in names if name.operation == OPERATION]
    if not found:
        raise Stop(f"no benchmark of {OPERATION} takes long enough here to be slowed", Exit.NOTHING_MATCHED)
    return max(found, key=found.count)


def linked_anew(programs: Sequence[str], install: bool) -> dict[str, Path]:
    """A folder of the programs for each order of linking. One build serves them all: what is compiled does not depend
    on the order."""
    found = {}
    for number, side in enumerate(ORDERS, 1):
        settings = [f"-DTRILBENCH_LINK_ORDER={number}"]
        built = build_source(ROOT, BUILD / "relinked", "release", "bench/all", install, settings) / "bench"
        found[side] = BUILD / "relinked" / f"order-{number}"
        found[side].mkdir(exist_ok=True)
        for name in programs:
            shutil.copy2(built / name, found[side])
    return found


def sides(base: Sequence[Part], slowed: Path, variant: str, relinked: Mapping[str, Path]) -> dict[str, Sequence[Part]]:
    """What each side runs. `slowed` is the program that slows the variant as it is told."""

    def with_program(part: Part, path: Path, **variables: str) -> Part:
        program = dataclasses.replace(part.runner.program, path=path, environment=variables)
        return dataclasses.replace(part, runner=dataclasses.replace(part.runner, program=program))

    def slower(share: float) -> list[Part]:
        wanted = f"{variant}={share:g}"
        can = [part.runner.program.operation == OPERATION for part in base]
        return [
            with_program(part, slowed, TRILBENCH_SLOWED=wanted) if its else part
            for part, its in zip(base, can, strict=True)
        ]

    return {
        BASE: base,
        AGAIN: base,
        **{
            side: [with_program(part, folder / part.runner.program.path.name) for part in base]
            for side, folder in relinked.items()
        },
        **{slowed_side(share): slower(share) for share in SHARES},
    }
