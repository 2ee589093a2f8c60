"""The roofline model: a kernel is bound by arithmetic or by the memory that holds its data (Williams, Waterman and
Patterson, Roofline, CACM 52(4), 2009). The ceilings are measured by the operation `machine`; the bytes are those that
the operation must move, not counted ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.table import Table


@dataclass(frozen=True)
class Roofs:
    """What the machine gives at most. GB/s are read and written together."""

    arithmetic: Mapping[str, float]  # instruction set: GFLOP/s
    memory: Mapping[str, Mapping[str, float]]  # level: instruction set: GB/s; from near to far

    def bandwidth(self, level: str) -> float:
        """The best copy of any instruction set."""
        return max(self.memory[level].values())

    @property
    def peak(self) -> float:
        return max(self.arithmetic.values())


@dataclass(frozen=True)
class Placed:
    """A variant at a shape in the roofline's plane."""

    intensity: float  # flops a byte
    gflops: float
    level: str  # of the memory that holds its arrays
    attainable: float  # GFLOP/s: the lower of both roofs
    bound: str  # which that is: "arithmetic", or the memory's level


def roofs(machine: Table, caches: Mapping[str, int]) -> Roofs | None:
    """From the rows of the machine's limits; None if there are no copies or no arithmetic among them."""
    arithmetic: dict[str, float] = {}
    memory: dict[str, dict[str, float]] = {}
    for point in sorted(curves.points(machine), key=curves.copied):
        if point.isa == "scalar" or point.isa.startswith("auto-"):
            continue
        if point.entry.flops_per_second:
            arithmetic[point.isa] = max(arithmetic.get(point.isa, 0.0), point.entry.flops_per_second / 1e9)
        elif point.entry.bytes_per_second:
            of_level = memory.setdefault(_level(curves.copied(point), caches), {})
            of_level[point.isa] = max(of_level.get(point.isa, 0.0), point.entry.bytes_per_second / 1e9)
    return Roofs(arithmetic, memory) if arithmetic and memory else None


def placed(point: Point, ceilings: Roofs, caches: Mapping[str, int]) -> Placed | None:
    """None if the row has no flops or no bytes, or lies in memory of which there is no ceiling."""
    flops, moved = point.entry.flops_per_second, point.entry.bytes_per_second
    if not flops or not moved:
        return None
    level = _level(curves.working_set(point), caches)
    if level not in ceilings.memory:
        return None
    intensity = flops / moved
    slope = intensity * ceilings.bandwidth(level)
    return Placed(
        intensity, flops / 1e9, level, min(slope, ceilings.peak), "arithmetic" if ceilings.peak < slope else level
    )


def _level(size: int, caches: Mapping[str, int]) -> str:
    """The cache that holds so many bytes, or what lies beyond them."""
    home = curves.home(size, caches)
    return f"beyond {home[2:]}" if home.startswith("> ") else home or "memory"
