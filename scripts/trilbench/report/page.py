"""Builds report.html from what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trilbench.machine.noise import LEAST_SHARE, MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.report.answer import overviews, wins
from trilbench.report.answer_text import sentences
from trilbench.report.blocks import blocks
from trilbench.report.facts import facts, states
from trilbench.report.figures.palette import DARK, LIGHT, colour
from trilbench.report.limits import Limits
from trilbench.report.reasons import by_reason
from trilbench.report.table import Table, fastest
from trilbench.report.template import render
from trilbench.results.run import Manifest, Status
from trilbench.results.units import percent

if TYPE_CHECKING:
    from trilbench.report.figures.make import Figure

_COLUMNS = 7  # shapes side by side: what a wide screen and a printed page hold


@dataclass(frozen=True)
class ChangeLine:
    """One change of one benchmark's time."""

    benchmark: str
    between: str  # which runs
    place: int  # of the first run of the new level
    ratio: float  # new time over old
    low: float
    high: float
    old: float  # seconds
    new: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """What the page shows of the history of the machine."""

    key: str  # of the machine
    headline: str
    lines: tuple[ChangeLine, ...]  # the newest first
    figure: "Figure | None"


@dataclass(frozen=True)
class Contents:
    """What the page shows."""

    manifest: Manifest
    tables: Sequence[Table]
    limits: Sequence[Limits]
    figures: "Sequence[Figure]"
    without_figures: str = ""  # why there are none
    history: Past | None = None  # of the machine, where one is kept


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
