"""The files of a result's folder that people may want to read themselves."""

from collections.abc import Iterable
from pathlib import Path

_NAMES = ("manifest.json", "compare.json", "compare.md", "junit.xml", "summary.csv", "log.txt")


def result_files(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The files that are there, by the folder that holds them: first the result's own, under an empty name, then what
    was measured, as raw/causal_mean, then the data behind the figures."""
    found = {"": tuple(path for name in _NAMES if (path := folder / name).is_file())}
    for below in sorted(path for path in (folder / "raw").glob("*") if path.is_dir()):
        found[below.relative_to(folder).as_posix()] = _in_order(below.glob("*.json"))
    found["figures"] = _in_order((folder / "figures").glob("*.csv"))
    return {name: paths for name, paths in found.items() if paths}


def _in_order(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(path for path in paths if path.is_file()))
