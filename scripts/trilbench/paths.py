"""Where things lie in the checkout."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
DEPENDENCIES = ROOT / ".deps"  # what scripts install that is not Python
ENVIRONMENT = ROOT / ".venv"
RUNS = ROOT / "runs"
HISTORY = ROOT / "history"

_FROM_PLAIN_TO_LEARNED = ("causal_mean", "tril_matmul", "causal_softmax", "causal_weighted_mean", "broadcast_matmul")


def operations() -> tuple[str, ...]:
    """The names of the source tree's operations, from plain to learned, others after them; each has a benchmark binary
    of its name."""
    found = sorted(file.parent.name for file in (ROOT / "src" / "operations").glob("*/operation.cpp"))
    return tuple(sorted(found, key=lambda name: (*_FROM_PLAIN_TO_LEARNED, name).index(name)))


def implementations() -> tuple[str, ...]:
    """The names of the source tree's implementations, of all operations."""
    files = (ROOT / "src" / "operations").glob("*/*.cpp")
    return tuple(sorted({file.stem for file in files} - {"operation"}))


def instruction_sets() -> tuple[str, ...]:
    """The names of those that implementations are compiled for, here or on another kind of machine."""
    text = (ROOT / "cmake" / "InstructionSets.cmake").read_text(encoding="utf-8")
    lanes = [name for names in re.findall(r"set\(TRILBENCH_LANE_SETS ([^)]*)\)", text) for name in names.split()]
    return ("scalar", *lanes, *(f"auto-{name}" for name in lanes))


def shown(path: Path) -> str:
    """The path as people would type it: relative to the working directory if it lies below, else absolute."""
    path = path.resolve()
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
