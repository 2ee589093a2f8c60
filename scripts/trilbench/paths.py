"""Where things lie in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
DEPENDENCIES = ROOT / ".deps"  # what scripts install that is not Python
ENVIRONMENT = ROOT / ".venv"
RUNS = ROOT / "runs"
HISTORY = ROOT / "history"


def operations() -> tuple[str, ...]:
    """The names of the source tree's operations; each has a benchmark binary of its name."""
    return tuple(sorted(file.parent.name for file in (ROOT / "src" / "operations").glob("*/operation.cpp")))


def shown(path: Path) -> str:
    """The path as people would type it: relative to the working directory if it lies below, else absolute."""
    path = path.resolve()
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
