"""What the pages share: one file each that opens from the disk, needs no network, and runs no script but ours."""

import base64
import functools
import hashlib
import json
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trilbench.paths import shown
from trilbench.report.figures.make import Choice, Figure, config, write_files
from trilbench.report.figures.palette import DARK, LIGHT
from trilbench.results import units

_HERE = Path(__file__).parent / "templates"
_FILTERS = (
    *(units.duration, units.factor, units.ratio, units.share, units.rate, units.binary_bytes, units.count),
    *(units.percent, units.percentage),
)


def render(template: str, folder: Path, figures: Sequence[Figure], helpers: Mapping[str, Any], **values: Any) -> str:
    """The page's text. `folder` is where it will lie: other files are linked relative to it. `helpers` are known in
    macros too."""
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {each.__name__: each for each in _FILTERS}
    environment.filters["json"] = _json
    environment.filters["over"] = lambda baseline: f"over {baseline}"
    environment.filters["beside"] = lambda path: quote(path.relative_to(folder).as_posix())
    environment.filters["typed"] = lambda path: shlex.quote(shown(path))
    # A page tells a figure's title and all that stands beneath it in its own letters.
    environment.filters["without_title"] = lambda spec: {key: spec[key] for key in spec if key != "title"}
    environment.globals |= helpers
    scripts = [*([vega()] if figures else []), (_HERE / "page.js").read_text(encoding="utf-8")]
    return environment.get_template(template).render(
        folder=folder,
        files=result_files(folder),
        drawn=bool(figures),
        configs={"light": config(LIGHT), "dark": config(DARK)} if figures else {},
        scripts=[Markup(script) for script in scripts],
        digests=Markup(" ".join(map(_digest, scripts))),
        **values,
    )


def attempt(make: Callable[[], Sequence[Figure]]) -> tuple[Sequence[Figure], str]:
    """The figures, or why there are none: what was measured is worth more than its pictures, whatever befalls them."""
    try:
        figures = make()
        if figures:
            vega()
    except Exception as error:
        return (), f"{type(error).__name__}: {error}"
    return figures, ""


def write_pictures(folder: Path, figures: Sequence[Figure]) -> None:
    """Writes them as files too, where they are asked for. Raises Stop if one cannot be written."""
    for figure in figures:
        write_files(figure, folder / "figures", Choice())


@functools.cache
def vega() -> str:
    """Vega, Vega-Lite and what embeds them, as one script."""
    import vl_convert

    return vl_convert.javascript_bundle()


def _json(value: Any) -> Markup:
    """As a script element holds it: nothing in it ends the element or begins another."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


# The files of a result's folder that people may want to read themselves.

_NAMES = ("manifest.json", "compare.json", "compare.md", "junit.xml", "summary.csv", "log.txt")


def result_files(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The files that are there, by the folder that holds them: first the result's own, under an empty name, then what
    was measured, as raw/causal_mean, then the figures."""
    found = {"": tuple(path for name in _NAMES if (path := folder / name).is_file())}
    for below in sorted(path for path in (folder / "raw").glob("*") if path.is_dir()):
        found[below.relative_to(folder).as_posix()] = _in_order(below.glob("*.json"))
    found["figures"] = _in_order(
        path for end in ("csv", "png", "svg") for path in (folder / "figures").glob(f"*.{end}")
    )
    return {name: paths for name, paths in found.items() if paths}


def _in_order(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(path for path in paths if path.is_file()))
