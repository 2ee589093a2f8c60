"""Builds report.html from what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trilbench.machine.noise import LEAST_SHARE, MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.report.answer import claims, over_libraries, wins, worth
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


def page(
    folder: Path,
    manifest: Manifest,
    tables: Sequence[Table],
    limits: Sequence[Limits],
    figures: Sequence[Figure],
    without_figures: str = "",
    history: Past | None = None,
) -> str:
    """The page's text. `folder` is where it will lie; `without_figures` says why there are none; `history` is that of
    the machine, where one is kept."""

    def figures_of(shown: Table | Limits) -> list[Figure]:
        place = shown.operation, shown.threads
        return [each for each in figures if (each.operation, each.threads) == place]

    beside_answer = figures_of(tables[0]) if tables else []
    beside_answer.sort(key=lambda each: "-winner-" not in each.name)
    helpers = {
        "wins": wins,
        "standings": standings,
        "sizes": sizes,
        "figures_of": figures_of,
        "claims": claims,
        "worth": worth,
        "over_libraries": over_libraries,
        "peers_somewhere": any(table.peers for table in tables),
        "colour": colour,
        "themes": {"light": LIGHT, "dark": DARK},
        "noisy_spread": NOISY_SPREAD,
        "most_of_limit": MOST_OF_LIMIT,
        "least_share": LEAST_SHARE,
    }
    return render(
        "report.html.jinja",
        folder,
        [*figures, *([history.figure] if history and history.figure else [])],
        helpers,
        manifest=manifest,
        tables=tables,
        limits=limits,
        without_figures=without_figures,
        history=history,
        answered=[(i, table) for i, table in enumerate(tables, 1) if claims(table)],
        first=beside_answer[0] if beside_answer else None,
        facts=facts(manifest),
        skipped=by_reason((*manifest.skipped, *manifest.absent_peers)),
        broken=[cell for cell in manifest.cells if cell.status is Status.BROKEN],
    )
