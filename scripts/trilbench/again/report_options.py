"""The command line of scripts/report."""

from dataclasses import dataclass
from pathlib import Path

from trilbench.options import Parser, folder


@dataclass(frozen=True)
class ReportOptions:
    """What scripts/report was asked for."""

    folder: Path
    history: Path | None  # None: where scripts/history keeps it, if it knows the machine
    no_install: bool


def parse(arguments: list[str]) -> ReportOptions:
    """Reads the arguments of scripts/report."""
    parser = Parser(
        prog="scripts/report",
        usage="%(prog)s [--history DIR] [--no-install] FOLDER",
        description="Makes summary.csv, figures/ and report.html of a run's folder anew, and prints its tables; or "
        "report.html, figures/, compare.md and junit.xml of a comparison's.",
        epilog="An interrupted run is shown as far as it got. Exit codes: 0 fine, 1 wrong use or a tool failed.",
    )
    parser.add_argument(
        "--history", type=folder, metavar="DIR", help="show the machine's history; default: history/, if it is there"
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("folder", type=folder, metavar="FOLDER", help="what scripts/bench or scripts/compare left")
    chosen = parser.parse_args(arguments)
    return ReportOptions(folder=chosen.folder, history=chosen.history, no_install=chosen.no_install)
