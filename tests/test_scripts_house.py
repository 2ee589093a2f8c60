"""Who imports whom in scripts/trilbench: the arrows run one way."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "scripts" / "trilbench"
FEATURES = {"bench", "compare", "history", "prove"}
MAY_IMPORT = {  # beside the modules of the package itself: files, paths, git, options, stop
    "results": set(),
    "machine": {"results"},
    "setup": {"results", "machine"},
    "report": {"results", "machine"},
    **{key: {"report", "results", "machine", "setup"} for key in FEATURES},
    "again": {*FEATURES, "report", "results", "machine", "setup"},
}
FOLDERS = {file.relative_to(PACKAGE).parts[0] for file in PACKAGE.glob("*/**/*.py")}  # not what git left of others
MODULES = sorted(file for file in PACKAGE.rglob("*.py") if file.parent != PACKAGE)


def imported(file: Path) -> set[str]:
    """The folders of the package that the file imports from, anywhere in it."""
    froms = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom) and node.module]
    names = [f"{node.module}.{alias.name}" for node in froms for alias in node.names]
    names = [name.split(".")[1] for name in names if name.startswith("trilbench.")]
    return FOLDERS.intersection(names)


@pytest.mark.parametrize("file", MODULES, ids=[str(file.relative_to(PACKAGE)) for file in MODULES])
def test_arrows_run_one_way(file: Path) -> None:
    """Would tell a feature that imports another, or a report that knows of comparisons."""
    folder = file.relative_to(PACKAGE).parts[0]
    assert imported(file) - {folder} <= MAY_IMPORT[folder]


def test_every_folder_has_its_place() -> None:
    """A new folder says what it may import."""
    assert set(MAY_IMPORT) == FOLDERS
