"""Where things lie in the checkout."""

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


def shown(path: Path) -> str:
    """The path as people would type it: relative to the working directory if it lies below, else absolute."""
    path = path.resolve()
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
