"""The command line of scripts/plot."""

from pathlib import Path

from trilbench.options import Choosing, Parser, read
from trilbench.report.kinds import COMPARISON_FIGURE, FIGURES, HISTORY_FIGURE


class PlotOptions(Choosing):
    """What scripts/plot was asked for."""

    figures: tuple[str, ...]  # empty: all
    baseline: str  # a variant; empty: the tables' own
    history: Path  # the folder of scripts/history
    out: Path | None
    formats: tuple[str, ...]
    dark: bool
    light: bool
    folder: Path


def parse(arguments: list[str]) -> PlotOptions:
    """Reads the arguments of scripts/plot."""
    parser = Parser(
        prog="scripts/plot",
        usage="%(prog)s [OPTIONS] FOLDER",
        description="Draws the figures of a run's folder, each with the CSV behind it; or that of a comparison's. "
        f"There are: {', '.join(FIGURES)}; {HISTORY_FIGURE}, of the machine's runs that scripts/history keeps; "
        f"{COMPARISON_FIGURE}.",
        epilog="The baseline of the speed-ups is a variant as the tables name it: scalar_loop/scalar, "
        "running_sum/auto-avx2. Exit codes: 0 fine, 1 wrong use or a tool failed, 5 nothing to draw.",
    )
    return read(PlotOptions, parser, arguments)
