"""Builds report.html from what was measured."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trilbench.compute.answer import wins
from trilbench.compute.limits import Limits
from trilbench.compute.noise import MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.compute.reasons import by_reason
from trilbench.compute.table import Table, fastest
from trilbench.model.run import Manifest, Status
from trilbench.render import units
from trilbench.render.answer import sentences
from trilbench.render.blocks import blocks
from trilbench.render.figures.palette import DARK, LIGHT, colour
from trilbench.render.html.facts import facts, states

if TYPE_CHECKING:
    from trilbench.render.figures import Figure

_COLUMNS = 7  # shapes side by side: what a wide screen and a printed page hold


@dataclass(frozen=True)
class Contents:
    """What the page shows."""

    manifest: Manifest
    tables: Sequence[Table]
    limits: Sequence[Limits]
    figures: "Sequence[Figure]"
    without_figures: str = ""  # why there are none


def page(folder: Path, contents: Contents) -> str:
    """The page's text. `folder` is where it will lie: the figures' other files are linked relative to it. Raises
    OSError if a figure cannot be read."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for shown in (units.duration, units.factor, units.ratio, units.share, units.rate, units.binary_bytes, units.count):
        environment.filters[shown.__name__] = shown
    environment.filters["embedded"] = _embedded
    environment.filters["beside"] = lambda path: path.relative_to(folder).as_posix()
    environment.globals |= {
        "wins": wins,
        "sentences": sentences,
        "fastest": fastest,
        "by_reason": by_reason,
        "blocks": lambda columns: blocks(columns, _COLUMNS),
        "colour": colour,
        "themes": {"light": LIGHT, "dark": DARK},
        "noisy_spread": NOISY_SPREAD,
        "most_of_limit": MOST_OF_LIMIT,
    }
    manifest = contents.manifest
    return environment.get_template("report.html.jinja").render(
        contents=contents,
        manifest=manifest,
        facts=facts(manifest),
        states=states(manifest),
        broken=[cell for cell in manifest.cells if cell.status is Status.BROKEN],
    )


def _embedded(svg: Path) -> str:
    """The picture within the page. As an image of its own, so that its identifiers meet no other picture's."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode('ascii')}"
