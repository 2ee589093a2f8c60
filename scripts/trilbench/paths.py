"""Where things lie in the checkout."""

import functools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
DEPENDENCIES = ROOT / ".deps"  # what scripts install that is not Python
ENVIRONMENT = ROOT / ".venv"
RUNS = ROOT / "runs"
HISTORY = ROOT / "history"

_FROM_PLAIN_TO_LEARNED = (
    *("causal_mean", "tril_matmul", "causal_softmax", "causal_weighted_mean", "broadcast_matmul"),
    *("causal_attention", "attention_decode"),
)


def operations() -> tuple[str, ...]:
    """The names of the source tree's operations, from plain to learned, others after them; each has a benchmark binary
    of its name."""
    found = sorted(file.parent.name for file in (ROOT / "src" / "operations").glob("*/operation.cpp"))
    return tuple(sorted(found, key=lambda name: (*_FROM_PLAIN_TO_LEARNED, name).index(name)))


def implementations() -> tuple[str, ...]:
    """The names of the source tree's implementations, of all operations."""
    files = (ROOT / "src" / "operations").glob("*/*.cpp")
    return tuple(sorted({file.stem for file in files} - {"operation"}))


@functools.cache
def lane_sets() -> dict[str, tuple[str, ...]]:
    """For each kind of machine, as uname -m names it, the instruction sets that kernels are written in lanes for, from
    the least to the most able."""
    text = (ROOT / "cmake" / "InstructionSets.cmake").read_text(encoding="utf-8")
    found = re.findall(r'MATCHES "\^\((\S+)\)\$"\)\s*set\(TRILBENCH_LANE_SETS ([^)]*)\)', text)
    return {machine: tuple(names.split()) for machines, names in found for machine in machines.split("|")}


def instruction_sets() -> tuple[str, ...]:
    """The names of those that implementations are compiled for, here or on another kind of machine."""
    lanes = tuple(dict.fromkeys(name for names in lane_sets().values() for name in names))
    return ("scalar", *lanes, *(f"auto-{name}" for name in lanes))


def shown(path: Path) -> str:
    """The path as people would type it: relative to the working directory if it lies below, else absolute."""
    path = path.resolve()
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
