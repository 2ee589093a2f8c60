"""Builds report.html from what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trilbench.machine.noise import LEAST_SHARE, MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.report.answer import claims, wins, worth
from trilbench.report.facts import facts
from trilbench.report.figures.make import Figure
from trilbench.report.figures.palette import DARK, LIGHT, colour
from trilbench.report.limits import Limits, sizes
from trilbench.report.reasons import by_reason
from trilbench.report.table import Table, standings
from trilbench.report.template import render
from trilbench.results.run import Manifest, Status


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
    figure: Figure | None


@dataclass(frozen=True)
class Contents:
    """What the page shows."""

    manifest: Manifest
    tables: Sequence[Table]
    limits: Sequence[Limits]
    figures: Sequence[Figure]
    without_figures: str = ""  # why there are none
    history: Past | None = None  # of the machine, where one is kept


def page(folder: Path, contents: Contents) -> str:
    """The page's text. `folder` is where it will lie."""
    manifest = contents.manifest
    past = contents.history.figure if contents.history else None

    def figures_of(shown: Table | Limits) -> list[Figure]:
        place = shown.operation, shown.threads
        return [each for each in contents.figures if (each.operation, each.threads) == place]

    beside_answer = figures_of(contents.tables[0]) if contents.tables else []
    beside_answer.sort(key=lambda each: "-winner-" not in each.name)
    helpers = {
        "wins": wins,
        "standings": standings,
        "sizes": sizes,
        "figures_of": figures_of,
        "claims": claims,
        "worth": worth,
        "colour": colour,
        "themes": {"light": LIGHT, "dark": DARK},
        "noisy_spread": NOISY_SPREAD,
        "most_of_limit": MOST_OF_LIMIT,
        "least_share": LEAST_SHARE,
    }
    return render(
        "report.html.jinja",
        folder,
        [*contents.figures, *([past] if past else [])],
        helpers,
        contents=contents,
        manifest=manifest,
        answered=[(i, table) for i, table in enumerate(contents.tables, 1) if claims(table)],
        first=beside_answer[0] if beside_answer else None,
        facts=facts(manifest),
        skipped=by_reason((*manifest.skipped, *manifest.absent_peers)),
        broken=[cell for cell in manifest.cells if cell.status is Status.BROKEN],
    )
