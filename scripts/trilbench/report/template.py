"""What the pages share: one file each that opens from the disk, needs no network, and runs no script but ours."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trilbench.results import units

_HERE = Path(__file__).parent / "templates"


def render(template: str, folder: Path, helpers: Mapping[str, Any], **values: Any) -> str:
    """The page's text. `folder` is where it will lie: other files are linked relative to it. `helpers` are known in
    macros too. Raises OSError if a figure cannot be read."""
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for shown in (units.duration, units.factor, units.ratio, units.share, units.rate, units.binary_bytes, units.count):
        environment.filters[shown.__name__] = shown
    environment.filters["embedded"] = _embedded
    environment.filters["beside"] = lambda path: quote(path.relative_to(folder).as_posix())
    environment.globals |= helpers
    script = (_HERE / "tables.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template(template).render(
        files=result_files(folder), script=Markup(script), script_digest=digest, **values
    )


def _embedded(svg: Path) -> str:
    """The picture within the page. As an image of its own, so that its identifiers meet no other picture's."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode('ascii')}"


# The files of a result's folder that people may want to read themselves.

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
