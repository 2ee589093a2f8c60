"""Builds report.html from what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trilbench.compute.answer import overviews, wins
from trilbench.compute.cores import LEAST_SHARE
from trilbench.compute.limits import Limits
from trilbench.compute.noise import MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.compute.reasons import by_reason
from trilbench.compute.table import Table, fastest
from trilbench.model.run import Manifest, Status
from trilbench.render.answer import sentences
from trilbench.render.blocks import blocks
from trilbench.render.comparison.words import percent
from trilbench.render.figures.palette import DARK, LIGHT, colour
from trilbench.render.html.facts import facts, states
from trilbench.render.html.template import render

if TYPE_CHECKING:
    from trilbench.render.figures import Figure
    from trilbench.render.history.section import Section

_COLUMNS = 7  # shapes side by side: what a wide screen and a printed page hold


@dataclass(frozen=True)
class Contents:
    """What the page shows."""

    manifest: Manifest
    tables: Sequence[Table]
    limits: Sequence[Limits]
    figures: "Sequence[Figure]"
    without_figures: str = ""  # why there are none
    history: "Section | None" = None  # of the machine, where one is kept


def page(folder: Path, contents: Contents) -> str:
    """The page's text. `folder` is where it will lie. Raises OSError if a figure cannot be read."""
    manifest = contents.manifest
    placed = {(each.operation, each.threads) for each in (*contents.tables, *contents.limits)}

    def figures_of(operation: str, threads: int) -> "list[Figure]":
        return [each for each in contents.figures if (each.operation, each.threads) == (operation, threads)]

    helpers = {
        "wins": wins,
        "overviews": overviews,
        "figures_of": figures_of,
        "sentences": sentences,
        "fastest": fastest,
        "by_reason": by_reason,
        "blocks": lambda columns: blocks(columns, _COLUMNS),
        "colour": colour,
        "themes": {"light": LIGHT, "dark": DARK},
        "noisy_spread": NOISY_SPREAD,
        "most_of_limit": MOST_OF_LIMIT,
        "least_share": LEAST_SHARE,
        "percent": percent,
    }
    return render(
        "report.html.jinja",
        folder,
        helpers,
        contents=contents,
        manifest=manifest,
        others=[each for each in contents.figures if (each.operation, each.threads) not in placed],
        facts=facts(manifest),
        states=states(manifest),
        broken=[cell for cell in manifest.cells if cell.status is Status.BROKEN],
    )
