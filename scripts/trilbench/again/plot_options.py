"""The command line of scripts/plot."""

from dataclasses import dataclass
from pathlib import Path

from trilbench.options import Parser, check_known, folder, names, numbers
from trilbench.paths import HISTORY
from trilbench.report.kinds import COMPARISON_FIGURE, FIGURES, HISTORY_FIGURE


@dataclass(frozen=True)
class PlotOptions:
    """What scripts/plot was asked for."""

    folder: Path
    figures: tuple[str, ...]  # empty: all
    operations: tuple[str, ...]  # empty: all
    baseline: str  # a variant; empty: the tables' own
    threads: tuple[int, ...]  # empty: all
    history: Path  # the folder of scripts/history
    out: Path | None
    formats: tuple[str, ...]
    light: bool
    dark: bool
    no_install: bool


def parse(arguments: list[str]) -> PlotOptions:
    """Reads the arguments of scripts/plot."""
    parser = Parser(
        prog="scripts/plot",
        usage="%(prog)s [--figure F,G] [--operation A,B] [--threads 1,2] [--baseline VARIANT] [--out DIR] "
        "[--history DIR] [--format svg,png] [--light | --dark] [--no-install] FOLDER",
        description="Draws the figures of a run's folder, each with the CSV behind it; or that of a comparison's. "
        f"There are: {', '.join(FIGURES)}; {HISTORY_FIGURE}, of the machine's runs that scripts/history keeps; "
        f"{COMPARISON_FIGURE}.",
        epilog="The baseline of the speed-ups is a variant as the tables name it: scalar_loop/scalar, "
        "running_sum/auto-avx2. Exit codes: 0 fine, 1 wrong use or a tool failed, 5 nothing to draw.",
    )
    parser.add_argument("--figure", type=names, default=(), metavar="F,G", help="only these; default: all")
    parser.add_argument("--operation", type=names, default=(), metavar="A,B", help="only these; default: all")
    parser.add_argument("--threads", type=numbers, default=(), metavar="N,M", help="only these; default: all")
    parser.add_argument("--baseline", default="", metavar="VARIANT", help="what the speed-ups are over")
    parser.add_argument(
        "--history", type=folder, default=HISTORY, metavar="DIR", help="of scripts/history; default: history/"
    )
    parser.add_argument("--out", type=folder, metavar="DIR", help="where the files go; default: FOLDER/figures")
    parser.add_argument("--format", type=names, default=("svg", "png"), metavar="svg,png", help="default: both")
    theme = parser.add_mutually_exclusive_group()
    theme.add_argument("--light", action="store_true", help="only for light pages; default: both")
    theme.add_argument("--dark", action="store_true", help="only for dark pages; default: both")
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("folder", type=folder, metavar="FOLDER", help="what scripts/bench or scripts/compare left")
    chosen = parser.parse_args(arguments)
    check_known("figure", chosen.figure, (*FIGURES, HISTORY_FIGURE, COMPARISON_FIGURE))
    check_known("format", chosen.format, ("svg", "png"))
    return PlotOptions(
        folder=chosen.folder,
        figures=chosen.figure,
        operations=chosen.operation,
        baseline=chosen.baseline,
        threads=chosen.threads,
        history=chosen.history,
        out=chosen.out,
        formats=chosen.format,
        light=not chosen.dark,
        dark=not chosen.light,
        no_install=chosen.no_install,
    )
