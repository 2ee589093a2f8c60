"""The command line of scripts/report."""

from dataclasses import dataclass
from pathlib import Path

from trilbench.options.common import Parser, folder


@dataclass(frozen=True)
class ReportOptions:
    """What scripts/report was asked for."""

    folder: Path
    no_install: bool


def parse(arguments: list[str]) -> ReportOptions:
    """Reads the arguments of scripts/report."""
    parser = Parser(
        prog="scripts/report",
        usage="%(prog)s [--no-install] RUN",
        description="Makes summary.csv, figures/ and report.html of a run's folder anew, and prints its tables.",
        epilog="An interrupted run is shown as far as it got. Exit codes: 0 fine, 1 wrong use or a tool failed.",
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("folder", type=folder, metavar="RUN", help="the folder that scripts/bench left")
    chosen = parser.parse_args(arguments)
    return ReportOptions(folder=chosen.folder, no_install=chosen.no_install)
